package dev.corral;

import static dev.corral.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Interruption is cancellation: it is never swallowed and leaves nothing half done. */
class InterruptionTest {
    @Test
    void anInterruptedWaitLeavesTheChildRunning() throws Exception {
        try (Child child = Command.of("cat").start()) {
            FutureTask<Exit> waiting = new FutureTask<>(() -> child.await());
            Thread waiter = new Thread(waiting);
            waiter.start();
            await().until(() -> waiter.getState() == Thread.State.WAITING);
            waiter.interrupt();
            assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
            assertThat(child.isAlive()).isTrue();
        }
    }

    /** At first a wait is one in the kernel, which does not hear of it. */
    @Test
    void anInterruptIsHeardWhenItComesAtTheBeginningOfTheWaitToo() throws Exception {
        try (Child child = Command.of("cat").start()) {
            for (int step = 0; step < 20; step++) {
                FutureTask<Exit> waiting = new FutureTask<>(() -> child.await());
                Thread waiter = new Thread(waiting);
                waiter.start();
                LockSupport.parkNanos(Duration.ofMillis(step).toNanos());
                waiter.interrupt();
                assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(InterruptedException.class);
            }
            Thread.currentThread().interrupt();
            assertThatThrownBy(child::await).isInstanceOf(InterruptedException.class);
            assertThat(child.isAlive()).isTrue();
        }
    }

    @Test
    void aThreadThatIsInterruptedAlreadyStartsNothing() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Leftovers before = Leftovers.before();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Command.of("cat").with(Namespacing.all()).start())
                    .isInstanceOf(LaunchCancelled.class)
                    .hasMessage("interrupted while starting cat");
        } finally {
            assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
        }
        before.assertNothingIsLeft();
    }

    /** At every instant of a launch, one after the other. */
    @Test
    void anInterruptedStartLeavesNothingWheneverItComes() throws Exception {
        Leftovers before = Leftovers.before();
        int cancelled = 0;
        for (int step = 0; step < 150; step++) {
            Confinement confinement = step % 2 == 0 ? Namespacing.anyOrNone() : Namespacing.none();
            FutureTask<Optional<Child>> starting = new FutureTask<>(() -> start(confinement));
            Thread starter = new Thread(starting);
            starter.start();
            LockSupport.parkNanos(Duration.ofNanos(step * 30_000L).toNanos());
            starter.interrupt();
            Optional<Child> child = starting.get(30, TimeUnit.SECONDS);
            cancelled += child.isEmpty() ? 1 : 0;
            child.ifPresent(Child::close);
            starter.join();
        }
        before.assertNothingIsLeft();
        assertThat(cancelled).isPositive();
    }

    private static Optional<Child> start(Confinement confinement) {
        try {
            return Optional.of(Command.of("cat").with(confinement).start());
        } catch (LaunchCancelled cancelled) {
            assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
            return Optional.empty();
        }
    }
}
