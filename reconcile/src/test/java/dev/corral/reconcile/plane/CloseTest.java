package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.corral.reconcile.InOwnThreadGroup;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The end of a plane with threads of its own, on the system's time. */
@ExtendWith(InOwnThreadGroup.class)
class CloseTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Deployment MANY = Deployment.named("many").replicas(20).container(c -> c.command("serve"));

    @Test
    @Timeout(120)
    void aCloseThatIsInterruptedLeavesNoContainerAndNoThread() throws Exception {
        for (int round = 0; round < 60; round++) {
            int begun = round % 20;
            ThreadedRuntime runtime = new ThreadedRuntime();
            ControlPlane plane = ControlPlane.local().runtime(runtime).start();
            plane.apply(MANY);
            assertThat(plane.await(
                            Deployment.KIND, "many", any -> plane.list(Pod.KIND).size() > begun, LONG))
                    .isPresent();
            Thread.currentThread().interrupt();
            plane.close();

            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
            assertThat(runtime.live).as("round %s", round).isEmpty();
            assertThat(threads()).as("round %s", round).isEmpty();
        }
    }

    @Test
    @Timeout(120)
    void whenACloseReturnsNoThreadIsLeft() throws Exception {
        for (int round = 0; round < 20; round++) {
            ControlPlane plane =
                    ControlPlane.local().runtime(new ThreadedRuntime()).start();
            plane.apply(MANY);
            assertThat(plane.await(MANY, Deployment.COMPLETE, LONG)).isPresent();
            assertThat(threads()).as("round %s", round).isNotEmpty();
            plane.close();
            assertThat(threads()).as("round %s", round).isEmpty();
        }
    }

    /** A close under way, which waits for a container that does not obey. */
    private static CompletableFuture<Void> closing(ControlPlane plane, ThreadedRuntime runtime) throws Exception {
        runtime.obedient = false;
        plane.apply(Pod.named("first").container(c -> c.command("serve")));
        assertThat(plane.await(Pod.KIND, "first", Pod::ready, LONG)).isPresent();
        CompletableFuture<Void> closed = CompletableFuture.runAsync(plane::close);
        assertThat(runtime.asked.get()).isEqualTo("first");
        return closed;
    }

    @Test
    @Timeout(120)
    void whatIsDeclaredDuringTheEndOrAfterItIsRefusedAndDoesNotProlongTheEnd() throws Exception {
        ThreadedRuntime runtime = new ThreadedRuntime();
        ControlPlane plane = ControlPlane.local().runtime(runtime).start();
        CompletableFuture<Void> closed = closing(plane, runtime);

        Pod late = Pod.named("late").container(c -> c.command("serve"));
        assertThatExceptionOfType(PlaneClosed.class)
                .isThrownBy(() -> plane.apply(late))
                .withMessageStartingWith("the control plane is closed");
        plane.store().apply(late).orThrow();
        runtime.live.forEach(run -> run.end(143));
        closed.get(60, TimeUnit.SECONDS);

        assertThat(runtime.live).isEmpty();
        assertThatExceptionOfType(PlaneClosed.class).isThrownBy(() -> plane.apply(late));
        assertThatExceptionOfType(PlaneClosed.class).isThrownBy(() -> plane.delete(late));
        assertThat(plane.get(late)).as("what is stored can be read").isEmpty();
    }

    /** Once one of them was started before it was marked, and the close took its grace longer. */
    @Test
    @Timeout(120)
    void nothingThatComesIntoTheStoreDuringTheEndIsStarted() throws Exception {
        ThreadedRuntime runtime = new ThreadedRuntime();
        ControlPlane plane = ControlPlane.local().runtime(runtime).start();
        CompletableFuture<Void> closed = closing(plane, runtime);

        for (int i = 0; i < 200; i++) {
            plane.store()
                    .apply(Pod.named("late-" + i).container(c -> c.command("serve")))
                    .orThrow();
        }
        runtime.live.forEach(run -> run.end(143));
        closed.get(60, TimeUnit.SECONDS);
        assertThat(runtime.started).containsExactly("first");
    }

    @Test
    @Timeout(120)
    void whoeverWaitsIsToldOfTheEnd() throws Exception {
        ControlPlane plane = ControlPlane.local().runtime(new ThreadedRuntime()).start();
        CountDownLatch waiting = new CountDownLatch(1);
        plane.apply(MANY);
        CompletableFuture<?> never = CompletableFuture.supplyAsync(() -> {
            try {
                return plane.await(
                        MANY,
                        any -> {
                            waiting.countDown();
                            return false;
                        },
                        LONG);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        waiting.await();
        plane.close();
        assertThat(threads()).isEmpty();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(never::get)
                .withCauseInstanceOf(PlaneClosed.class);

        assertThat(plane.await(MANY, any -> true, LONG)).as("it holds").isPresent();
        assertThatExceptionOfType(PlaneClosed.class).isThrownBy(() -> plane.await(MANY, any -> false, LONG));
    }

    private static List<Thread> threads() {
        return InOwnThreadGroup.threads("corral-");
    }
}
