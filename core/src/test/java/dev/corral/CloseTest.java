package dev.corral;

import static dev.corral.testing.Outputs.line;
import static dev.corral.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Processes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CloseTest {
    @Test
    void closingKillsReapsAndGivesEverythingBack() {
        Leftovers before = Leftovers.before();
        Child child = Command.of("cat").with(Namespacing.all()).start();
        child.close();
        before.assertNothingIsLeft();
        assertThat(child.exit().orElseThrow().cause(Cause.Killed.class)).isPresent();
    }

    @Test
    void closingAfterTheEndGivesEverythingBackAndKeepsTheEnd() throws Exception {
        Leftovers before = Leftovers.before();
        Child child = Command.of("sh", "-c", "exit 4").start();
        Exit exit = child.await();
        child.close();
        before.assertNothingIsLeft();
        assertThat(child.exit()).contains(exit);
        assertThat(exit.shellCode()).isEqualTo(4);
        assertThat(exit.details().causes()).isEmpty();
    }

    @Test
    void closingEndsEveryDescendantInThePidNamespace() throws Exception {
        String time = Processes.longTime();
        String script = "setsid sleep " + time + " & (setsid setsid sleep " + time + " &) ; echo ready; wait";
        Child child = Command.of("sh", "-c", script).with(Namespacing.pid()).start();
        assertThat(line(child)).isEqualTo("ready");
        await().until(() -> Processes.mentioning(time).size() >= 3);
        child.close();
        assertThat(Processes.mentioning(time)).isEmpty();
    }

    @Test
    void descendantsGoWithTheProgramWhenItEndsByItself() throws Exception {
        String time = Processes.longTime();
        try (Child child = Command.of("sh", "-c", "setsid sleep " + time + " & exit 0")
                .with(Namespacing.pid())
                .start()) {
            assertThat(child.await().ok()).isTrue();
            assertThat(Processes.mentioning(time)).isEmpty();
        }
    }

    @Test
    void closingAProgramThatIgnoresSignalsKillsIt() throws Exception {
        Leftovers before = Leftovers.before();
        Child child = Command.of("sh", "-c", "trap '' TERM INT HUP; echo ready; exec cat")
                .start();
        assertThat(line(child)).isEqualTo("ready");
        child.close();
        before.assertNothingIsLeft();
    }

    @Test
    void closingAStoppedProgramKillsIt() throws Exception {
        Leftovers before = Leftovers.before();
        Child child = Command.of("cat").start();
        child.signal(Signal.STOP);
        child.close();
        before.assertNothingIsLeft();
    }

    @Test
    void closingTwiceClosesWhatItOwnsOnce() {
        AtomicInteger closed = new AtomicInteger();
        Child child = Command.of("cat")
                .with(launch -> launch.own(closed::incrementAndGet))
                .start();
        child.close();
        child.close();
        assertThat(closed).hasValue(1);
    }

    @Test
    void closingFromManyThreadsReturnsWhenAllIsDone() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 25; round++) {
                AtomicInteger closed = new AtomicInteger();
                Child child = Command.of("cat")
                        .with(launch -> launch.own(closed::incrementAndGet))
                        .start();
                CountDownLatch begin = new CountDownLatch(1);
                Callable<Integer> closing = () -> {
                    begin.await();
                    child.close();
                    return child.isAlive() ? -1 : closed.get();
                };
                List<Future<Integer>> results = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    results.add(threads.submit(closing));
                }
                begin.countDown();
                for (Future<Integer> result : results) {
                    assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo(1);
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void closingWhileSomebodyWaitsTellsThemTheEnd() throws Exception {
        Child child = Command.of("cat").start();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Future<Exit> waiting = thread.submit(() -> child.await());
            child.close();
            assertThat(waiting.get(30, TimeUnit.SECONDS).terminatedBy()).contains(Signal.KILL);
        } finally {
            thread.shutdownNow();
        }
    }

    @Test
    void aThreadOfTheEndMayClose() throws Exception {
        Leftovers before = Leftovers.before();
        Child child = Command.of("true").start();
        child.exited().thenRun(child::close).get(30, TimeUnit.SECONDS);
        before.assertNothingIsLeft();
    }

    @Test
    void anInterruptDoesNotCutItShort() {
        Leftovers before = Leftovers.before();
        Child child = Command.of("cat").with(Namespacing.all()).start();
        Thread.currentThread().interrupt();
        child.close();
        assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
        before.assertNothingIsLeft();
    }

    @Test
    void whatFailsToBeGivenBackIsToldAfterEverythingElseIs() {
        Leftovers before = Leftovers.before();
        AtomicInteger closed = new AtomicInteger();
        IllegalStateException stuck = new IllegalStateException("stuck");
        Child child = Command.of("cat")
                .with(launch -> launch.own(closed::incrementAndGet)
                        .own(() -> {
                            throw stuck;
                        })
                        .own(closed::incrementAndGet))
                .start();
        assertThatThrownBy(child::close)
                .isInstanceOf(CloseFailed.class)
                .hasMessageContaining("closing cat: ")
                .hasMessageContaining("stuck")
                .hasSuppressedException(stuck);
        assertThat(closed).hasValue(2);
        before.assertNothingIsLeft();
        child.close();
    }
}
