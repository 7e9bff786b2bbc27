package dev.corral.reconcile;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.corral.reconcile.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WorkQueueTest {
    private final ManualClock clock = Stores.clock();
    private final AtomicInteger readied = new AtomicInteger();
    private final WorkQueue<String> queue =
            new WorkQueue<>(clock, Backoff.standard(), new Jitter(new Random(7)), readied::incrementAndGet);

    @Test
    void aFailureWithoutADelayTellsOutsideOfTheLock() {
        AtomicReference<WorkQueue<String>> told = new AtomicReference<>();
        List<Integer> sizes = new ArrayList<>();
        WorkQueue<String> eager = new WorkQueue<>(
                clock,
                Backoff.fixed(Duration.ZERO),
                new Jitter(new Random(7)),
                () -> sizes.add(CompletableFuture.supplyAsync(
                                () -> Objects.requireNonNull(told.get()).size())
                        .orTimeout(60, TimeUnit.SECONDS)
                        .join()));
        told.set(eager);

        assertThat(eager.addRateLimited("a")).isEqualTo(1);
        assertThat(sizes).containsExactly(1);
    }

    @Test
    void anEmptyQueueHandsOutNothing() {
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void keysComeOutInTheOrderInWhichTheyWereAdded() {
        List.of("b", "a", "c").forEach(queue::add);

        assertThat(List.of(queue.poll(), queue.poll(), queue.poll()))
                .containsExactly(Optional.of("b"), Optional.of("a"), Optional.of("c"));
    }

    @Test
    void manyAddsBeforeAPassAreOnePass() {
        queue.add("a");
        queue.add("a");
        queue.add("a");

        assertThat(queue.size()).isEqualTo(1);
        assertThat(readied).hasValue(1);
        assertThat(queue.poll()).contains("a");
        queue.done("a");
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void aKeyIsNotHandedOutWhileAWorkerHasIt() {
        queue.add("a");
        queue.poll();
        queue.add("a");

        assertThat(queue.poll()).isEmpty();
        assertThat(queue.size()).isZero();
    }

    @Test
    void manyAddsDuringAPassAreExactlyOneMorePass() {
        queue.add("a");
        queue.poll();
        queue.add("a");
        queue.add("a");
        queue.done("a");

        assertThat(readied).hasValue(2);
        assertThat(queue.poll()).contains("a");
        queue.done("a");
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void aDelayedKeyComesWhenItsTimeHasCome() {
        queue.addAfter("a", ofSeconds(10));
        clock.advance(ofMillis(9_999));
        assertThat(queue.poll()).isEmpty();

        clock.advance(ofMillis(1));
        assertThat(queue.poll()).contains("a");
    }

    @Test
    void noDelayIsAnAdd() {
        queue.addAfter("a", Duration.ZERO);
        queue.addAfter("b", ofSeconds(-1));

        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void ofSeveralDelaysTheOneThatEndsFirstCounts() {
        queue.addAfter("a", ofSeconds(10));
        queue.addAfter("a", ofSeconds(3));
        queue.addAfter("a", ofSeconds(20));
        clock.advance(ofSeconds(3));
        assertThat(queue.poll()).contains("a");
        queue.done("a");

        clock.advance(ofSeconds(60));
        assertThat(queue.poll()).isEmpty();
    }

    @Test
    void aDelayThatEndsDuringAPassIsOneMorePass() {
        queue.addAfter("a", ofSeconds(1));
        queue.add("a");
        queue.poll();
        clock.advance(ofSeconds(1));
        assertThat(queue.poll()).isEmpty();

        queue.done("a");
        assertThat(queue.poll()).contains("a");
    }

    @Test
    void failuresWaitTwiceAsLongEachTimeUntilForgotten() {
        List<Duration> delays = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            assertThat(queue.addRateLimited("a")).isEqualTo(i);
            delays.add(Duration.between(clock.now(), clock.next().orElseThrow()));
            clock.advance(ofSeconds(1));
            queue.poll();
            queue.done("a");
        }
        assertThat(delays.get(0)).isBetween(ofMillis(4), ofMillis(6));
        assertThat(delays.get(1)).isBetween(ofMillis(9), ofMillis(11));
        assertThat(delays.get(2)).isBetween(ofMillis(18), ofMillis(22));

        queue.forget("a");
        assertThat(queue.addRateLimited("a")).isEqualTo(1);
    }

    @Test
    void aHigherPriorityComesFirst() {
        queue.add("low", Priority.LOW);
        queue.add("fresh");
        queue.add("urgent", 10);

        assertThat(drain()).containsExactly("urgent", "fresh", "low");
    }

    @Test
    void waitingMakesUpForALowPriority() {
        queue.add("low", Priority.LOW);
        clock.advance(ofMillis(3_999));
        queue.add("before four seconds");
        clock.advance(ofMillis(1));
        queue.add("after four seconds");

        assertThat(drain()).containsExactly("before four seconds", "low", "after four seconds");
    }

    @Test
    void freshWorkThatNeverEndsDoesNotStarveLowWork() {
        queue.add("low", Priority.LOW);
        List<String> served = new ArrayList<>();
        for (int i = 0; i < 1000 && !served.contains("low"); i++) {
            queue.add("fresh-" + i);
            queue.add("more-" + i);
            clock.advance(ofMillis(10));
            served.add(queue.poll().orElseThrow());
        }
        assertThat(served.indexOf("low")).isBetween(390, 810);
    }

    /** Or a cold start that takes longer than the ageing delays fresh work by all that is left of it. */
    @Test
    void aFloodThatHasWaitedLongLetsFreshWorkPass() {
        for (int i = 0; i < 1000; i++) {
            queue.add("low-" + i, Priority.LOW);
        }
        clock.advance(ofSeconds(10));
        for (int i = 0; i < 6; i++) {
            queue.add("fresh-" + i);
        }
        assertThat(drain())
                .startsWith(
                        "low-0", "fresh-0", "fresh-1", "fresh-2", "low-1", "fresh-3", "fresh-4", "fresh-5", "low-2",
                        "low-3")
                .hasSize(1006);
    }

    /** Fresh work that needs every pass there is leaves one in four to what has waited. */
    @Test
    void whatHasWaitedLongGetsEveryFourthPass() {
        for (int i = 0; i < 100; i++) {
            queue.add("low-" + i, Priority.LOW);
        }
        clock.advance(ofSeconds(10));
        int low = 0;
        for (int i = 0; i < 200; i++) {
            queue.add("fresh-" + i);
            String served = queue.poll().orElseThrow();
            queue.done(served);
            low += served.startsWith("low") ? 1 : 0;
        }
        assertThat(low).isEqualTo(50);
    }

    /** A key that rose has a place of its own, and leaves its line when it is handed out. */
    @Test
    void keysThatRoseAreHandedOutOnce() {
        for (int i = 0; i < 8; i++) {
            queue.add("key-" + i, Priority.LOW);
        }
        clock.advance(ofSeconds(10));
        queue.add("key-5");
        queue.add("key-2");
        queue.add("fresh");
        assertThat(drain())
                .startsWith("key-0", "key-5", "key-2", "fresh", "key-1")
                .doesNotHaveDuplicates()
                .hasSize(9);
    }

    @Test
    void aPriorityOnlyRises() {
        queue.add("a", Priority.LOW);
        queue.add("b");
        queue.add("a");
        queue.add("b", Priority.LOW);
        queue.add("c");

        assertThat(queue.size()).isEqualTo(3);
        assertThat(drain()).containsExactly("b", "a", "c");
    }

    @Test
    void thePriorityOfAnAddDuringAPassCounts() {
        queue.add("a");
        queue.poll();
        queue.add("a", Priority.LOW);
        queue.add("b", Priority.LOW);
        queue.add("a");
        queue.done("a");

        assertThat(drain()).containsExactly("a", "b");
    }

    @Test
    void aDelayedAddKeepsItsPriority() {
        queue.addAfter("low", ofSeconds(1), Priority.LOW);
        clock.advance(ofSeconds(1));
        queue.add("fresh");

        assertThat(drain()).containsExactly("fresh", "low");
    }

    @Test
    void manyDelayedKeysNeedOneTimer() {
        for (int i = 0; i < 1000; i++) {
            queue.addAfter("key-" + i, ofMillis(1 + (i * 37) % 1000));
        }
        assertThat(queue.waiting()).isEqualTo(1000);
        queue.shutDown();
        assertThat(clock.next()).isEmpty();
    }

    @Test
    void aClockThatGoesBackLosesNothing() {
        WorkQueue<String> jumping =
                new WorkQueue<>(new ShiftedClock(clock), Backoff.standard(), new Jitter(new Random(7)), () -> {});
        jumping.add("a");
        ShiftedClock.shift = Duration.ofHours(-1);
        jumping.add("b");
        ShiftedClock.shift = Duration.ZERO;
        jumping.add("c");

        assertThat(List.of(jumping.poll(), jumping.poll(), jumping.poll()))
                .containsExactly(Optional.of("a"), Optional.of("b"), Optional.of("c"));
    }

    /** Another clock's time, moved. */
    private record ShiftedClock(Clock clock) implements Clock {
        private static Duration shift = Duration.ZERO;

        @Override
        public Instant now() {
            return clock.now().plus(shift);
        }

        @Override
        public Timer at(Instant time, Runnable task) {
            return clock.at(time, task);
        }
    }

    private List<String> drain() {
        List<String> keys = new ArrayList<>();
        for (Optional<String> key = queue.poll(); key.isPresent(); key = queue.poll()) {
            keys.add(key.get());
            queue.done(key.get());
        }
        return keys;
    }

    @Test
    void afterTheShutdownOnlyWhatIsReadyIsHandedOut() {
        queue.add("a");
        queue.addAfter("b", ofSeconds(1));
        queue.shutDown();
        queue.add("c");
        queue.addAfter("d", ofSeconds(1));
        clock.advance(ofSeconds(2));

        assertThat(queue.poll()).contains("a");
        assertThat(queue.poll()).isEmpty();
        assertThat(clock.next()).isEmpty();
    }

    @Test
    void drainingWaitsForKeysUnderWayAndForThoseAddedMeanwhile() throws Exception {
        queue.add("a");
        queue.poll();
        queue.add("a");
        CompletableFuture<Boolean> drained = drainOnAnotherThread();
        assertThat(drained).isNotDone();

        queue.done("a");
        assertThat(queue.poll()).contains("a");
        queue.done("a");
        assertThat(drained.get()).isTrue();
    }

    @Test
    void aShutdownReleasesADrain() throws Exception {
        queue.add("a");
        CompletableFuture<Boolean> drained = drainOnAnotherThread();
        while (!drained.isDone()) {
            queue.shutDown();
        }
        assertThat(drained.get()).isFalse();
    }

    @Test
    void aDrainEndsWithItsLimit() throws Exception {
        queue.add("a");
        CompletableFuture<Boolean> drained = drainOnAnotherThread();
        clock.advance(ofSeconds(10));

        assertThat(drained.get()).isFalse();
    }

    @Test
    void anInterruptedDrainLeavesNoTimer() {
        queue.add("a");
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> queue.shutDownWithDrain(ofSeconds(10)));
        assertThat(clock.next()).isEmpty();
    }

    private CompletableFuture<Boolean> drainOnAnotherThread() {
        CompletableFuture<Boolean> drained = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                drained.complete(queue.shutDownWithDrain(ofSeconds(10)));
            } catch (InterruptedException e) {
                drained.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        while (clock.next().isEmpty() && !drained.isDone()) {
            Thread.onSpinWait();
        }
        return drained;
    }
}
