package dev.corral.reconcile.testing;

import static dev.corral.reconcile.testing.Books.BOOK;
import static dev.corral.reconcile.testing.Books.book;
import static dev.corral.reconcile.testing.Books.reading;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.testing.Books.BookStatus;
import dev.corral.reconcile.testing.StoreContract.Bench;
import dev.corral.reconcile.testing.StoreContract.Chapter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** What a watch tells, and when. */
final class WatchCases {
    private WatchCases() {}

    static Chapter in(Chapter chapter) {
        return chapter.rule(
                        "a watch lists, says that this is all, and then tells each change in order", WatchCases::lists)
                .rule("a watch from a version tells what came after it", WatchCases::fromVersion)
                .rule("a watch tells its kind only", WatchCases::kind)
                .rule("a name with another uid is told as deleted, then added", WatchCases::recreated)
                .rule("one commit is one event for each resource, with its author", WatchCases::commit)
                .rule("what is deleted is told as it was last", WatchCases::deleted)
                .rule("a closed watch tells nothing", WatchCases::closed)
                .rule("a wait ends as soon as something happens", WatchCases::await)
                .rule("listeners are called after every effective write until they end", WatchCases::listeners);
    }

    private static void lists(Bench bench) {
        Store store = bench.store();
        var a = store.create(book("a", 1)).orThrow();
        try (var watch = store.watch(BOOK)) {
            List<? extends StoreEvent<?, ?>> first = watch.poll();
            Expect.same("the list", first.get(0).latest(), Optional.of(a));
            Expect.that(first.get(1) instanceof StoreEvent.Synced, "then it says that this is all");
            for (int i = 0; i < 5; i++) {
                store.create(book("b" + i, 1)).orThrow();
            }
            List<? extends StoreEvent<?, ?>> rest = watch.poll();
            Expect.same("names", latest(rest), List.of("b0", "b1", "b2", "b3", "b4"));
            for (int i = 1; i < rest.size(); i++) {
                Expect.same("no gap", rest.get(i).version(), rest.get(i - 1).version() + 1);
            }
        }
    }

    private static void fromVersion(Bench bench) {
        Store store = bench.store();
        store.create(book("a", 1)).orThrow();
        long seen = store.snapshot().version();
        store.create(book("b", 1)).orThrow();
        try (var watch = store.watch(BOOK, seen)) {
            Expect.same("names", latest(watch.poll()), List.of("b"));
        }
    }

    private static void kind(Bench bench) {
        try (var watch = bench.store().watch(BOOK, bench.store().snapshot().version())) {
            bench.store().create(reading("a")).orThrow();
            Expect.same("events", watch.poll(), List.of());
        }
    }

    private static void recreated(Bench bench) {
        Store store = bench.store();
        var first = store.create(book("a", 1)).orThrow();
        try (var watch = store.watch(BOOK, store.snapshot().version())) {
            store.delete(first).orThrow();
            store.create(book("a", 1)).orThrow();
            var events = watch.poll();
            Expect.that(events.get(0) instanceof StoreEvent.Deleted, "first it goes: " + events);
            Expect.that(events.get(1) instanceof StoreEvent.Added, "then it comes: " + events);
        }
    }

    private static void commit(Bench bench) {
        Store store = bench.store();
        var a = store.create(book("a", 1)).orThrow();
        try (var watch = store.watch(BOOK, store.snapshot().version())) {
            store.commit(Commit.by("me").update(a.spec(a.spec().pages(2))).create("default", book("b", 1)));
            var events = watch.poll();
            Expect.same("names", latest(events), List.of("a", "b"));
            Expect.same(
                    "authors",
                    events.stream().map(StoreEvent::author).distinct().toList(),
                    List.of("me"));
            Expect.same("before", events.get(0).before(), Optional.of(a));
        }
    }

    private static void deleted(Bench bench) {
        Store store = bench.store();
        var a = store.create(book("a", 1)).orThrow();
        var sold = store.updateStatus(a.status(new BookStatus(3))).orThrow();
        try (var watch = store.watch(BOOK, store.snapshot().version())) {
            store.delete(sold).orThrow();
            var events = watch.poll();
            Expect.same("before", events.get(0).before(), Optional.of(sold));
            Expect.same("after", events.get(0).after(), Optional.empty());
        }
    }

    private static void closed(Bench bench) throws InterruptedException {
        var watch = bench.store().watch(BOOK);
        watch.close();
        watch.close();
        bench.store().create(book("a", 1)).orThrow();
        Expect.same("events", watch.poll(), List.of());
        Expect.same("a wait", watch.await(Duration.ofHours(1)), List.of());
    }

    private static void await(Bench bench) {
        Store store = bench.store();
        try (var watch = store.watch(BOOK, store.snapshot().version())) {
            CompletableFuture<List<String>> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return latest(watch.await(Duration.ofHours(1)));
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
            });
            store.create(reading("other")).orThrow();
            store.create(book("a", 1)).orThrow();
            Expect.same("names", waiting.join(), List.of("a"));
        }
    }

    private static void listeners(Bench bench) {
        Store store = bench.store();
        AtomicInteger calls = new AtomicInteger();
        Runnable end = store.onChange(calls::incrementAndGet);
        store.create(book("a", 1)).orThrow();
        store.apply(book("a", 1)).orThrow();
        end.run();
        store.create(book("b", 1)).orThrow();
        Expect.same("calls", calls.get(), 1);
    }

    private static List<String> latest(List<? extends StoreEvent<?, ?>> events) {
        return events.stream()
                .flatMap(event -> event.latest().stream())
                .<String>map(Resource::name)
                .toList();
    }
}
