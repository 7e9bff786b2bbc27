package dev.corral.reconcile.testing;

import static dev.corral.reconcile.testing.Books.book;
import static dev.corral.reconcile.testing.Books.reading;
import static dev.corral.reconcile.testing.Books.stored;
import static java.time.Duration.ofSeconds;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Deletion;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Propagation;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.WriteResult;
import dev.corral.reconcile.testing.Books.BookSpec;
import dev.corral.reconcile.testing.Books.BookStatus;
import dev.corral.reconcile.testing.StoreContract.Bench;
import dev.corral.reconcile.testing.StoreContract.Chapter;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Marks, graces, finalizers. */
final class DeletionCases {
    private DeletionCases() {}

    static Chapter in(Chapter chapter) {
        return chapter.rule("without finalizers a deleted resource is gone at once", DeletionCases::atOnce)
                .rule("a delete needs the very resource at the version that was read", DeletionCases::preconditions)
                .rule("a finalizer keeps a deleted resource, marked, in a new generation", DeletionCases::marked)
                .rule("with its last finalizer a marked resource goes", DeletionCases::last)
                .rule("a resource being deleted takes no new finalizer", DeletionCases::noNew)
                .rule("a finalizer is let go once", DeletionCases::letGo)
                .rule("a resource can be born with finalizers", DeletionCases::born)
                .rule("a second delete may shorten the grace but never lengthen it", DeletionCases::grace)
                .rule("a graceful kind stays until it is removed", DeletionCases::graceful)
                .rule("what is removed stays for the finalizers of others", DeletionCases::removeWithOthers)
                .rule("how dependents go can be chosen, and chosen anew", DeletionCases::propagation)
                .rule("a marked resource still takes statuses", DeletionCases::statuses);
    }

    private static void atOnce(Bench bench) {
        Store store = bench.store();
        Expect.that(store.delete(store.create(book("a", 1)).orThrow()).ok(), "it is done");
        Expect.same("all", store.snapshot().all(), List.of());
    }

    private static void preconditions(Bench bench) {
        Store store = bench.store();
        var read = store.create(book("a", 1)).orThrow();
        store.updateStatus(read.status(new BookStatus(1))).orThrow();
        Expect.conflict("an outdated delete", store.delete(read));
        store.delete(stored(store, "a")).orThrow();
        store.create(book("a", 1)).orThrow();
        Expect.same(
                "deleting the successor of the name",
                store.delete(read),
                new WriteResult.NotFound<>(Books.BOOK, read.key()));
        Expect.same("all", Books.names(store.snapshot().all()), List.of("a"));
    }

    private static void marked(Bench bench) {
        Store store = bench.store();
        var marked = store.delete(held(store)).orThrow();
        Expect.same("generation", marked.metadata().generation(), 2L);
        Expect.that(marked.metadata().terminating(), "it is marked");
        Expect.same("stored", stored(store, "a"), marked);
        Expect.unchanged("deleting again", store.delete(marked));
    }

    private static void last(Bench bench) {
        Store store = bench.store();
        var held = held(store);
        var two = store.update(held.metadata(held.metadata().finalizer("two"))).orThrow();
        var marked = store.delete(two).orThrow();
        var one = store.update(marked.metadata(marked.metadata().withoutFinalizer("two")))
                .orThrow();
        Expect.same("still there", stored(store, "a"), one);
        Expect.that(
                store.update(one.metadata(one.metadata().withoutFinalizer("one")))
                        .ok(),
                "the last is let go");
        Expect.same("all", store.snapshot().all(), List.of());
    }

    private static void noNew(Bench bench) {
        Store store = bench.store();
        var marked = store.delete(held(store)).orThrow();
        Expect.conflict(
                "a new finalizer",
                store.update(marked.metadata(marked.metadata().finalizer("late"))));
        Expect.that(stored(store, "a").metadata().finalizers().equals(Set.of("one")), "it isn't there");
    }

    private static void letGo(Bench bench) {
        Store store = bench.store();
        var held = held(store);
        Commit commit = Commit.by("somebody").letGo(held, "one");
        Expect.that(store.commit(commit).ok(), "it is let go, whatever the version that was read");
        Expect.that(stored(store, "a").metadata().finalizers().isEmpty(), "it is gone");
        Expect.that(!store.commit(commit).ok(), "letting go of what isn't there is refused");
        store.delete(stored(store, "a")).orThrow();
        Expect.that(!store.commit(commit).ok(), "so it is where the resource is gone");
    }

    private static void born(Bench bench) {
        Store store = bench.store();
        Declared<BookSpec, BookStatus> declared = new Held(book("a", 1));
        store.apply(declared).orThrow();
        Expect.that(stored(store, "a").metadata().finalizers().equals(Set.of("one")), "it is held");
        Expect.that(
                store.commit(Commit.by("somebody").letGo(stored(store, "a"), "one"))
                        .ok(),
                "it is let go");
        Expect.unchanged("applying it again", store.apply(declared));
        Expect.that(stored(store, "a").metadata().finalizers().isEmpty(), "applying it again adds none");
    }

    /** The same, born with a finalizer. */
    private record Held(Declared<BookSpec, BookStatus> declared) implements Declared<BookSpec, BookStatus> {
        @Override
        public Kind<BookSpec, BookStatus> kind() {
            return declared.kind();
        }

        @Override
        public String name() {
            return declared.name();
        }

        @Override
        public BookSpec spec() {
            return declared.spec();
        }

        @Override
        public Set<String> finalizers() {
            return Set.of("one");
        }
    }

    private static void grace(Bench bench) {
        Store store = bench.store();
        var marked = store.delete(store.create(reading("a")).orThrow(), ofSeconds(20))
                .orThrow();
        bench.clock().advance(ofSeconds(5));
        Expect.unchanged("a later end", store.delete(marked, ofSeconds(16)));
        var shorter = store.delete(marked, ofSeconds(1)).orThrow();
        Expect.same(
                "the mark",
                shorter.metadata().deletion(),
                Optional.of(new Deletion(StoreContract.START, ofSeconds(6))));
    }

    private static void graceful(Bench bench) {
        Store store = bench.store();
        var reading = store.create(reading("a")).orThrow();
        Expect.conflict("removing what isn't deleted", store.remove(reading));
        var marked = store.delete(reading).orThrow();
        Expect.same(
                "the mark",
                marked.metadata().deletion(),
                Optional.of(new Deletion(StoreContract.START, ofSeconds(30))));
        Expect.that(store.remove(reading).ok(), "removing needs the uid, not the version");
        Expect.same("all", store.snapshot().all(), List.of());
    }

    private static void removeWithOthers(Bench bench) {
        Store store = bench.store();
        var reading = store.create(reading("a")).orThrow();
        reading = store.update(reading.metadata(reading.metadata().finalizer("one")))
                .orThrow();
        var marked = store.delete(reading).orThrow();
        store.remove(marked).orThrow();
        Expect.same("all", Books.names(store.snapshot().all()), List.of("a"));
        var rest = store.snapshot().get(Books.READING, reading.key()).orElseThrow();
        store.update(rest.metadata(rest.metadata().withoutFinalizer("one"))).orThrow();
        Expect.same("all", store.snapshot().all(), List.of());
    }

    private static void propagation(Bench bench) {
        Store store = bench.store();
        var book = store.create(book("a", 1)).orThrow();
        var waiting = store.delete(book, Propagation.FOREGROUND).orThrow();
        Expect.that(waiting.metadata().finalizers().contains("foregroundDeletion"), "it waits for its dependents");
        var orphaning = store.delete(waiting, Propagation.ORPHAN).orThrow();
        Expect.same("finalizers", List.copyOf(orphaning.metadata().finalizers()), List.of("orphan"));
        Expect.that(store.delete(orphaning, Propagation.BACKGROUND).ok(), "it waits for nothing");
        Expect.same("all", store.snapshot().all(), List.of());
    }

    private static void statuses(Bench bench) {
        Store store = bench.store();
        var marked = store.delete(held(store)).orThrow();
        Expect.that(store.updateStatus(marked.status(new BookStatus(3))).ok(), "the status is taken");
    }

    private static Resource<Books.BookSpec, BookStatus> held(Store store) {
        var book = store.create(book("a", 1)).orThrow();
        return store.update(book.metadata(book.metadata().finalizer("one"))).orThrow();
    }
}
