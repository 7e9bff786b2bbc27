package dev.corral.reconcile;

import static dev.corral.reconcile.Stores.LAMP;
import static dev.corral.reconcile.Stores.bright;
import static dev.corral.reconcile.Stores.lamp;
import static dev.corral.reconcile.Stores.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.corral.reconcile.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WatchTest {
    private final ManualClock clock = Stores.clock();
    private final Store store = Stores.remembering(clock, 4);

    @Test
    void aWatchTellsWhatIsThereThenThatThisIsAllThenEveryChange() {
        var hall = store.create(lamp("hall", 1)).orThrow();
        try (var watch = store.watch(LAMP)) {
            assertThat(watch.poll())
                    .isEqualTo(List.of(new StoreEvent.Added<>(hall, 1, ""), new StoreEvent.Synced<>(1)));

            var brighter = store.update(hall.spec(bright(2))).orThrow();
            store.delete(brighter).orThrow();
            assertThat(watch.poll())
                    .isEqualTo(List.of(
                            new StoreEvent.Modified<>(hall, brighter, 2, ""),
                            new StoreEvent.Deleted<>(brighter, 3, "")));
            assertThat(watch.poll()).isEmpty();
        }
    }

    @Test
    void aWatchFromAVersionTellsWhatCameAfter() {
        store.create(lamp("a", 1));
        long seen = store.snapshot().version();
        var second = store.create(lamp("b", 1)).orThrow();

        try (var watch = store.watch(LAMP, seen)) {
            assertThat(watch.poll()).isEqualTo(List.of(new StoreEvent.Added<>(second, 2, "")));
        }
    }

    @Test
    void anotherKindIsNotTold() {
        try (var watch = store.watch(LAMP)) {
            watch.poll();
            store.create(task("dig"));
            assertThat(watch.poll()).isEmpty();
        }
    }

    @Test
    void anUnchangedWriteIsNotTold() {
        var hall = store.create(lamp("hall", 1)).orThrow();
        try (var watch = store.watch(LAMP, 1)) {
            store.update(hall);
            store.apply(lamp("hall", 1));
            assertThat(watch.poll()).isEmpty();
        }
    }

    @Test
    void theAuthorOfACommitIsTold() {
        try (var watch = store.watch(LAMP, 0)) {
            store.commit(Commit.by("somebody").create("default", lamp("hall", 1)));
            assertThat(watch.poll()).extracting(StoreEvent::author).containsExactly("somebody");
        }
    }

    @Test
    void aWatchFromAVersionThatFallsBehindIsToldThatItExpired() {
        try (var watch = store.watch(LAMP, 0)) {
            write(4);
            assertThat(watch.poll()).hasSize(4);
            write(5);
            assertThatExceptionOfType(WatchExpired.class)
                    .isThrownBy(watch::poll)
                    .withMessageContaining("up to version 4, but the store remembers changes only after version 5");
        }
        assertThatExceptionOfType(WatchExpired.class).isThrownBy(() -> store.watch(LAMP, 4));
        assertThat(store.watch(LAMP, 5).poll()).hasSize(4);
    }

    @Test
    void aWatchThatListsComparesAfterFallingBehind() {
        var vanishing = store.create(lamp("a", 1)).orThrow();
        var replaced = store.create(lamp("b", 1)).orThrow();
        var changing = store.create(lamp("c", 1)).orThrow();
        store.create(lamp("d", 1));
        try (var watch = store.watch(LAMP)) {
            watch.poll();
            store.delete(vanishing).orThrow();
            store.delete(replaced).orThrow();
            var successor = store.create(lamp("b", 1)).orThrow();
            var changed = store.update(changing.spec(bright(2))).orThrow();
            var added = store.create(lamp("e", 1)).orThrow();

            assertThat(watch.poll())
                    .isEqualTo(List.of(
                            new StoreEvent.Deleted<>(vanishing, 9, ""),
                            new StoreEvent.Deleted<>(replaced, 9, ""),
                            new StoreEvent.Added<>(successor, 7, ""),
                            new StoreEvent.Modified<>(changing, changed, 8, ""),
                            new StoreEvent.Added<>(added, 9, ""),
                            new StoreEvent.Synced<>(9)));
        }
    }

    @Test
    void awaitReturnsAsSoonAsSomethingHappens() throws Exception {
        try (var watch = store.watch(LAMP, 0)) {
            CompletableFuture<List<?>> waiting = CompletableFuture.supplyAsync(() -> await(watch, Duration.ofHours(1)));
            store.create(task("dig"));
            store.create(lamp("hall", 1));
            assertThat(waiting.get()).hasSize(1);
        }
    }

    @Test
    void awaitIsEmptyWhenTheTimeIsUp() throws Exception {
        try (var watch = store.watch(LAMP, 0)) {
            CompletableFuture<List<?>> waiting =
                    CompletableFuture.supplyAsync(() -> await(watch, Duration.ofMinutes(1)));
            while (clock.next().isEmpty()) {
                Thread.onSpinWait();
            }
            clock.advance(Duration.ofMinutes(1));
            assertThat(waiting.get()).isEmpty();
            assertThat(watch.await(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void closingEndsAnAwait() throws Exception {
        var watch = store.watch(LAMP, 0);
        CompletableFuture<List<?>> waiting = CompletableFuture.supplyAsync(() -> await(watch, Duration.ofHours(1)));
        watch.close();
        watch.close();
        assertThat(waiting.get()).isEmpty();
        store.create(lamp("hall", 1));
        assertThat(watch.poll()).isEmpty();
    }

    @Test
    void listenersAreCalledAfterEveryChangeUntilTheyEnd() {
        int[] calls = {0};
        Runnable end = store.onChange(() -> calls[0]++);
        store.create(lamp("hall", 1));
        store.apply(lamp("hall", 1));
        store.apply(lamp("hall", 2));
        end.run();
        store.apply(lamp("hall", 3));

        assertThat(calls[0]).isEqualTo(2);
    }

    @Test
    void aListenerThatThrowsDisturbsNobody() {
        int[] calls = {0};
        store.onChange(() -> {
            throw new IllegalStateException("on purpose");
        });
        store.onChange(() -> calls[0]++);

        assertThat(store.create(lamp("hall", 1)).ok()).isTrue();
        assertThat(calls[0]).isEqualTo(1);
    }

    @Test
    void anInterruptedWaitLeavesNoTimer() {
        try (var watch = store.watch(LAMP)) {
            watch.poll();
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> watch.await(Duration.ofHours(1)));
        }
        assertThat(clock.next()).isEmpty();
    }

    private void write(int times) {
        for (int i = 0; i < times; i++) {
            store.create(lamp("x" + store.snapshot().version(), 1));
        }
    }

    private static List<?> await(Watch<?, ?> watch, Duration timeout) {
        try {
            return watch.await(timeout);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
