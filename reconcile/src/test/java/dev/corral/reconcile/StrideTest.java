package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.TASK;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How much of its work a manager does in one task of its executor. */
class StrideTest {
    private static final int KEYS = 20;

    private final List<String> labels = new ArrayList<>();

    /** How many tasks the passes for twenty keys take. */
    private long tasks(boolean stepwise) {
        Store store = Store.inMemory();
        List<Runnable> waiting = new ArrayList<>();
        AtomicInteger passes = new AtomicInteger();
        try (ControllerManager manager = ControllerManager.over(store, Stores.clock(), waiting::add, new Random(7))) {
            manager.loop("agent", TASK, (key, now) -> {
                passes.incrementAndGet();
                return Optional.empty();
            });
            if (stepwise) {
                manager.stepwise();
            }
            for (int i = 0; i < KEYS; i++) {
                store.apply(task("task-" + i)).orThrow();
            }
            manager.start();
            while (!waiting.isEmpty()) {
                Runnable next = waiting.remove(0);
                labels.add(next.toString());
                next.run();
            }
        }
        assertThat(passes).hasValue(KEYS);
        return labels.stream().filter("agent: work"::equals).count();
    }

    @Test
    void aWorkerGoesOnWhileKeysAreReady() {
        assertThat(tasks(false)).isEqualTo(1);
        assertThat(labels)
                .as("one task takes in for all loops, and another is there if one of them is slow")
                .filteredOn(label -> label.endsWith("deliver"))
                .containsExactly("deliver", "deliver");
    }

    @Test
    void stepByStepEachPassIsATaskAndEachLoopTakesInByItself() {
        assertThat(tasks(true)).isEqualTo(KEYS);
        assertThat(labels).contains("agent: deliver", "collector: deliver", "effects: deliver");
    }

    @Test
    void howItStepsIsSaidBeforeTheStart() {
        try (ControllerManager manager = ControllerManager.over(Store.inMemory())) {
            manager.start();
            assertThatIllegalStateException().isThrownBy(manager::stepwise);
        }
    }

    @Test
    void anInterruptThatAPassLeavesBehindHitsNoOtherPass() {
        Store store = Store.inMemory();
        List<Runnable> waiting = new ArrayList<>();
        List<Boolean> interrupted = new ArrayList<>();
        try (ControllerManager manager = ControllerManager.over(store, Stores.clock(), waiting::add, new Random(7))) {
            manager.loop("agent", TASK, (key, now) -> {
                interrupted.add(Thread.currentThread().isInterrupted());
                Thread.currentThread().interrupt();
                return Optional.empty();
            });
            for (int i = 0; i < KEYS; i++) {
                store.apply(task("task-" + i)).orThrow();
            }
            manager.start();
            while (!waiting.isEmpty()) {
                waiting.remove(0).run();
                Thread.interrupted(); // as a pool of threads does between tasks
            }
        }
        assertThat(interrupted).hasSize(KEYS).containsOnly(false);
    }

    /** What one loop's functions take long for is no matter of the others. */
    @Test
    @Timeout(60)
    void aSlowMapperDelaysNoOtherLoop() throws Exception {
        Store store = Store.inMemory();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch handled = new CountDownLatch(2);
        try (ControllerManager manager = ControllerManager.over(store)) {
            manager.loop("before", TASK, (key, now) -> {
                handled.countDown();
                return Optional.empty();
            });
            manager.loop(
                    "slow",
                    TASK,
                    (key, now) -> Optional.empty(),
                    options -> options.watches(LAMP, lamp -> {
                        inside.countDown();
                        awaitQuietly(goOn);
                        return List.of();
                    }));
            manager.loop("behind", TASK, (key, now) -> {
                handled.countDown();
                return Optional.empty();
            });
            manager.start();
            store.apply(lamp("hall", 1)).orThrow();
            inside.await();
            store.apply(task("dig")).orThrow();
            assertThat(handled.await(50, TimeUnit.SECONDS)).isTrue();
            goOn.countDown();
        }
    }

    /** Adds that race with workers that end, on an executor that has fewer threads than workers are allowed. */
    @Test
    @Timeout(120)
    void noKeyIsOverlookedWhenWorkersComeAndGo() throws Exception {
        Store store = Store.inMemory();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        Set<Key> handled = ConcurrentHashMap.newKeySet();
        try (ControllerManager manager = ControllerManager.over(store, Clock.system(), threads, new Random(7))) {
            Loop loop = manager.loop(
                    "agent",
                    TASK,
                    (key, now) -> {
                        handled.add(key);
                        return Optional.empty();
                    },
                    options -> options.workers(3));
            manager.start();
            for (int round = 0; round < 5_000; round++) {
                Key key = Key.of("key-" + round);
                loop.wake(key);
                while (!handled.remove(key)) {
                    Thread.onSpinWait();
                }
            }
            assertThat(manager.healthy()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aLoopIsNotWokenForWhatDoesNotConcernIt() {
        try (Plane plane = new Plane()) {
            List<String> looked = new ArrayList<>();
            plane.manager.loop(
                    "bright",
                    LAMP,
                    (key, now) -> {
                        looked.add(key.name());
                        return Optional.empty();
                    },
                    options -> options.concerns(lamp -> lamp.spec().brightness() > 1));
            plane.start()
                    .apply(lamp("dark", 1))
                    .apply(lamp("light", 2))
                    .apply(lamp("light", 1))
                    .apply(lamp("dark", 3))
                    .delete(LAMP, "dark");
            assertThat(looked).containsExactly("light", "dark", "dark");
        }
    }

    @Test
    void aControllerLooksAtEverythingOfItsKind() {
        try (ControllerManager manager = ControllerManager.over(Store.inMemory())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> manager.controller(
                            LAMP, lamp -> Plan.unchanged(), options -> options.concerns(lamp -> true)))
                    .withMessageContaining("concerns is for loops");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
