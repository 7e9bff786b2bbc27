package dev.corral.reconcile.testing;

import static dev.corral.reconcile.testing.Books.BOOK;
import static dev.corral.reconcile.testing.Books.book;
import static dev.corral.reconcile.testing.Books.by;
import static dev.corral.reconcile.testing.Books.stored;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Snapshot.Changed;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.testing.Books.BookSpec;
import dev.corral.reconcile.testing.Books.BookStatus;
import dev.corral.reconcile.testing.StoreContract.Bench;
import dev.corral.reconcile.testing.StoreContract.Chapter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Snapshots, indexes, selectors. */
final class ReadCases {
    private ReadCases() {}

    static Chapter in(Chapter chapter) {
        return chapter.rule("a snapshot does not move", ReadCases::still)
                .rule("what differs between two snapshots is told, whichever is the older", ReadCases::changed)
                .rule("lists are ordered by namespace and name", ReadCases::ordered)
                .rule("a selector finds by labels, in one namespace or in all", ReadCases::selectors)
                .rule(
                        "an index of the kind finds by what its function gives, and is kept in every write",
                        ReadCases::index)
                .rule("an index that the kind doesn't have is refused", ReadCases::noIndex);
    }

    private static void still(Bench bench) {
        Store store = bench.store();
        var book = store.create(book("a", 1)).orThrow();
        Snapshot before = store.snapshot();
        store.delete(book).orThrow();
        store.create(book("b", 1)).orThrow();
        Expect.same("the old one", Books.names(before.list(BOOK)), List.of("a"));
        Expect.same("the old one's resource", before.get(BOOK, Key.of("a")).orElseThrow(), book);
        Expect.that(before.version() < store.snapshot().version(), "the new one is newer");
    }

    private static void changed(Bench bench) {
        Store store = bench.store();
        Snapshot empty = store.snapshot();
        var stays = store.create(book("stays", 1)).orThrow();
        var edited = store.create(book("edited", 1)).orThrow();
        var goes = store.create(book("goes", 1)).orThrow();
        var again = store.create(book("again", 1)).orThrow();
        Snapshot before = store.snapshot();
        var after = store.update(edited.spec(book("edited", 2).spec())).orThrow();
        store.delete(goes).orThrow();
        store.delete(again).orThrow();
        var twin = store.create(book("again", 1)).orThrow();
        Snapshot now = store.snapshot();
        Expect.same(
                "since then",
                Set.copyOf(now.changed(BOOK, before)),
                Set.of(pair(edited, after), gone(goes), gone(again), come(twin)));
        Expect.same(
                "back to then",
                Set.copyOf(before.changed(BOOK, now)),
                Set.of(pair(after, edited), come(goes), come(again), gone(twin)));
        Expect.same(
                "since nothing was stored",
                Set.copyOf(before.changed(BOOK, empty)),
                Set.of(come(stays), come(edited), come(goes), come(again)));
        Expect.same("since now", now.changed(BOOK, now), List.of());
    }

    private static Changed<BookSpec, BookStatus> pair(
            Resource<BookSpec, BookStatus> before, Resource<BookSpec, BookStatus> after) {
        return new Changed<>(Optional.of(before), Optional.of(after));
    }

    private static Changed<BookSpec, BookStatus> come(Resource<BookSpec, BookStatus> book) {
        return new Changed<>(Optional.empty(), Optional.of(book));
    }

    private static Changed<BookSpec, BookStatus> gone(Resource<BookSpec, BookStatus> book) {
        return new Changed<>(Optional.of(book), Optional.empty());
    }

    private static void ordered(Bench bench) {
        Store store = bench.store();
        store.commit(Commit.by("me")
                .create("zoo", book("a", 1))
                .create("default", book("b", 1))
                .create("default", book("a", 1)));
        Expect.same(
                "all",
                store.snapshot().list(BOOK).stream()
                        .map(book -> book.key().toString())
                        .toList(),
                List.of("default/a", "default/b", "zoo/a"));
        Expect.same("one namespace", Books.names(store.snapshot().list(BOOK, "default")), List.of("a", "b"));
    }

    private static void selectors(Bench bench) {
        Store store = bench.store();
        store.commit(Commit.by("me")
                .create("default", book("a", 1, Map.of("shelf", "one", "color", "red")))
                .create("default", book("b", 1, Map.of("shelf", "two")))
                .create("default", book("c", 1))
                .create("zoo", book("d", 1, Map.of("shelf", "one"))));
        select(store, "shelf=one", "a");
        select(store, "shelf in (one,two)", "a", "b");
        select(store, "shelf notin (one)", "b", "c");
        select(store, "!shelf", "c");
        select(store, "shelf,color!=red", "b");
        select(store, "", "a", "b", "c");
        Expect.same(
                "in all namespaces",
                Books.names(store.snapshot().list(BOOK, LabelSelector.parse("shelf in (two,one)"))),
                List.of("a", "b", "d"));
    }

    private static void select(Store store, String selector, String... names) {
        Expect.same(
                selector,
                Books.names(store.snapshot().list(BOOK, "default", LabelSelector.parse(selector))),
                List.of(names));
    }

    private static void index(Bench bench) {
        Store store = bench.store();
        store.create(by("a", "Ann", "Bob")).orThrow();
        store.create(by("b", "Bob")).orThrow();
        Expect.same("Bob", Books.names(store.snapshot().find(BOOK, "author", "Bob")), List.of("a", "b"));
        var changed = stored(store, "a");
        BookSpec alone = new BookSpec(1, changed.spec().translator(), List.of("Ann"), Map.of());
        store.update(changed.spec(alone)).orThrow();
        Expect.same("Bob", Books.names(store.snapshot().find(BOOK, "author", "Bob")), List.of("b"));
        store.delete(stored(store, "b")).orThrow();
        Expect.same("Bob", store.snapshot().find(BOOK, "author", "Bob"), List.of());
        Expect.same("Ann", Books.names(store.snapshot().find(BOOK, "author", "Ann")), List.of("a"));
    }

    private static void noIndex(Bench bench) {
        Expect.refused(
                "an unknown index",
                IllegalArgumentException.class,
                () -> bench.store().snapshot().find(BOOK, "colour", "red"));
    }
}
