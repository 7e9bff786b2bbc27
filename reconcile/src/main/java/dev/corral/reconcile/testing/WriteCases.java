package dev.corral.reconcile.testing;

import static dev.corral.reconcile.testing.Books.book;
import static dev.corral.reconcile.testing.Books.by;
import static dev.corral.reconcile.testing.Books.sold;
import static dev.corral.reconcile.testing.Books.stored;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.CommitResult;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.Metadata;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.WriteRefused;
import dev.corral.reconcile.WriteResult;
import dev.corral.reconcile.testing.Books.BookSpec;
import dev.corral.reconcile.testing.Books.BookStatus;
import dev.corral.reconcile.testing.StoreContract.Bench;
import dev.corral.reconcile.testing.StoreContract.Chapter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Versions, generations, preconditions, commits. */
final class WriteCases {
    private WriteCases() {}

    static Chapter in(Chapter chapter) {
        return chapter.rule("every effective write counts the version one up", WriteCases::versions)
                .rule(
                        "creating gives uid, generation 1 and the time, and an existing name is a conflict",
                        WriteCases::create)
                .rule("an update of an outdated version is a conflict that says so", WriteCases::outdated)
                .rule("a changed spec raises the generation, labels and status don't", WriteCases::generations)
                .rule("a spec is written without the status, a status without the spec", WriteCases::apart)
                .rule("a write that changes nothing has no version and no event", WriteCases::unchanged)
                .rule("defaults are filled in before anything is compared", WriteCases::defaults)
                .rule("what breaks a rule is refused and nothing is stored", WriteCases::invalid)
                .rule("applying creates, then writes only what the applier sets", WriteCases::apply)
                .rule("applying a map writes the applier's entries alone", WriteCases::applyEntries)
                .rule("a commit takes one version for all its writes", WriteCases::oneVersion)
                .rule("a commit is done whole or not at all", WriteCases::allOrNothing)
                .rule("a requirement holds while uid and generation are the same", WriteCases::require)
                .rule(
                        "a decision outlives other statuses but not a changed spec, and marks the generation",
                        WriteCases::decide)
                .rule("a commit of a lower epoch than one seen before is refused", WriteCases::epoch)
                .rule("a preview changes nothing and tells what would", WriteCases::preview)
                .rule("reopened, the store shows the last commit whole", WriteCases::reopen);
    }

    private static void versions(Bench bench) {
        Store store = bench.store();
        long before = store.snapshot().version();
        var created = store.create(book("a", 1)).orThrow();
        var changed = store.update(created.spec(created.spec().pages(2))).orThrow();
        store.updateStatus(changed.status(new BookStatus(1))).orThrow();
        Expect.same("version", store.snapshot().version(), before + 3);
        Expect.same("version of the first", created.metadata().version(), before + 1);
    }

    private static void create(Bench bench) {
        Store store = bench.store();
        Metadata first = store.create(book("a", 1)).orThrow().metadata();
        Expect.that(!first.uid().isBlank(), "a new resource has a uid");
        Expect.same("generation", first.generation(), 1L);
        Expect.same("observed generation", first.observedGeneration(), 0L);
        Expect.same("created", first.created(), StoreContract.START);
        Expect.conflict("creating it again", store.create(book("a", 2)));
        store.delete(stored(store, "a")).orThrow();
        Expect.that(
                !store.create(book("a", 1)).orThrow().metadata().uid().equals(first.uid()),
                "a uid is never used again");
    }

    private static void outdated(Bench bench) {
        Store store = bench.store();
        var read = store.create(book("a", 1)).orThrow();
        store.updateStatus(read.status(new BookStatus(1))).orThrow();
        WriteResult<BookSpec, BookStatus> late =
                store.update(read.spec(read.spec().pages(2)));
        Expect.conflict("the update", late);
        Expect.that(late.toString().contains("was read at version"), "the conflict says what differs: " + late);
        Expect.refused("demanding it", WriteRefused.class, late::orThrow);
        Expect.conflict("the status", store.updateStatus(read.status(new BookStatus(9))));
    }

    private static void generations(Bench bench) {
        Store store = bench.store();
        var book = store.create(book("a", 1)).orThrow();
        book = store.update(book.labels(Map.of("shelf", "one"))).orThrow();
        book = store.updateStatus(book.status(new BookStatus(1))).orThrow();
        Expect.same("generation after label and status", book.metadata().generation(), 1L);
        book = store.update(book.spec(book.spec().pages(2))).orThrow();
        Expect.same("generation after a spec", book.metadata().generation(), 2L);
    }

    private static void apart(Bench bench) {
        Store store = bench.store();
        var book = store.create(book("a", 1)).orThrow();
        book = store.update(book.spec(book.spec().pages(2)).status(new BookStatus(7)))
                .orThrow();
        Expect.same("status after an update", book.status(), new BookStatus(0));
        book = store.updateStatus(
                        book.status(new BookStatus(7)).spec(book.spec().pages(3)))
                .orThrow();
        Expect.same("pages after a status", book.spec().pages(), 2);
    }

    private static void unchanged(Bench bench) {
        Store store = bench.store();
        var book = store.create(book("a", 1)).orThrow();
        long version = store.snapshot().version();
        try (var watch = store.watch(Books.BOOK, version)) {
            Expect.unchanged("the update", store.update(book));
            Expect.unchanged("the status", store.updateStatus(book));
            store.apply(book("a", 1)).orThrow();
            Expect.same("version", store.snapshot().version(), version);
            Expect.same("events", watch.poll(), List.of());
        }
    }

    private static void defaults(Bench bench) {
        Store store = bench.store();
        var book = store.create(book("a", 0)).orThrow();
        Expect.same("pages", book.spec().pages(), 100);
        Expect.unchanged(
                "the same once more", store.update(book.spec(book.spec().pages(0))));
    }

    private static void invalid(Bench bench) {
        Store store = bench.store();
        Expect.refused("negative pages", InvalidSpec.class, () -> store.create(book("a", -1)));
        Expect.refused("a name in capitals", InvalidSpec.class, () -> store.create(book("Capital", 1)));
        Expect.refused("a label with a blank", InvalidSpec.class, () -> store.create(book("a", 1, Map.of("a b", "c"))));
        var book = store.create(book("a", 1)).orThrow();
        Expect.refused(
                "a bad finalizer",
                InvalidSpec.class,
                () -> store.update(book.metadata(book.metadata().finalizer("not one"))));
        Expect.same("version", store.snapshot().version(), book.metadata().version());
    }

    private static void apply(Bench bench) {
        Store store = bench.store();
        store.apply(book("a", 1, Map.of("shelf", "one"))).orThrow();
        var filled = store.update(stored(store, "a")
                        .spec(stored(store, "a").spec().translator("Ann"))
                        .labels(Map.of("shelf", "one", "color", "red")))
                .orThrow();
        Expect.same("translator", filled.spec().translator(), Optional.of("Ann"));
        var applied = store.apply(book("a", 2)).orThrow();
        Expect.same("pages", applied.spec().pages(), 2);
        Expect.same("what the applier leaves open", applied.spec().translator(), Optional.of("Ann"));
        Expect.same(
                "labels no longer applied go, others stay", applied.metadata().labels(), Map.of("color", "red"));
        store.apply(by("a", "x", "y")).orThrow();
        Expect.same("a list is one value", stored(store, "a").spec().authors(), List.of("x", "y"));
    }

    private static void applyEntries(Bench bench) {
        Store store = bench.store();
        store.apply(sold("a", Map.of("at", 10, "ch", 11))).orThrow();
        store.update(stored(store, "a").spec(stored(store, "a").spec().prices(Map.of("at", 10, "ch", 99, "de", 12))))
                .orThrow();
        store.apply(sold("a", Map.of("ch", 11))).orThrow();
        Expect.same(
                "own entries are put back, those no longer applied go, others stay",
                stored(store, "a").spec().prices(),
                Map.of("ch", 11, "de", 12));
        long version = store.snapshot().version();
        store.apply(sold("a", Map.of("ch", 11))).orThrow();
        Expect.same("version when nothing changes", store.snapshot().version(), version);
    }

    private static void oneVersion(Bench bench) {
        CommitResult result = bench.store()
                .commit(Commit.by("me").create("default", book("a", 1)).create("default", book("b", 1)));
        Expect.that(result.ok(), "the commit is done: " + result);
        Expect.same("a", stored(bench.store(), "a").metadata().version(), result.version());
        Expect.same("b", stored(bench.store(), "b").metadata().version(), result.version());
    }

    private static void allOrNothing(Bench bench) {
        Store store = bench.store();
        store.create(book("taken", 1)).orThrow();
        long version = store.snapshot().version();
        CommitResult result =
                store.commit(Commit.by("me").create("default", book("a", 1)).create("default", book("taken", 2)));
        Expect.that(result.refusal().isPresent(), "the commit is refused");
        Commit bad = Commit.by("me").create("default", book("b", 1)).create("default", book("c", -1));
        Expect.refused("a commit with a bad spec", InvalidSpec.class, () -> store.commit(bad));
        Expect.same("all", Books.names(store.snapshot().all()), List.of("taken"));
        Expect.same("version", store.snapshot().version(), version);
    }

    private static void require(Bench bench) {
        Store store = bench.store();
        var book = store.create(book("a", 1)).orThrow();
        store.updateStatus(book.status(new BookStatus(1))).orThrow();
        Expect.that(store.commit(Commit.by("me").require(book)).ok(), "another status is no other generation");
        store.apply(book("a", 2)).orThrow();
        Expect.that(!store.commit(Commit.by("me").require(book)).ok(), "another spec is another generation");
    }

    private static void decide(Bench bench) {
        Store store = bench.store();
        var book = store.create(book("a", 1)).orThrow();
        store.updateStatus(book.status(new BookStatus(1))).orThrow();
        Commit decision = Commit.by("me").decide(book.status(new BookStatus(5)));
        Expect.that(store.commit(decision).ok(), "another status doesn't matter");
        Expect.same("status", stored(store, "a").status(), new BookStatus(5));
        Expect.that(stored(store, "a").metadata().observed(), "the generation is observed");
        store.apply(book("a", 2)).orThrow();
        Expect.that(!stored(store, "a").metadata().observed(), "the new generation isn't");
        Expect.that(!store.commit(decision).ok(), "a changed spec does");
    }

    private static void epoch(Bench bench) {
        Store store = bench.store();
        Expect.that(
                store.commit(Commit.by("one").epoch(1).create("default", book("a", 1)))
                        .ok(),
                "epoch 1");
        Expect.that(
                store.commit(Commit.by("two").epoch(2).create("default", book("b", 1)))
                        .ok(),
                "epoch 2");
        CommitResult late = store.commit(Commit.by("one").epoch(1).create("default", book("c", 1)));
        Expect.same("the late leader", late.refusal(), Optional.of(new WriteResult.Fenced<>(1, 2)));
        Expect.that(store.create(book("d", 1)).ok(), "a user needs no epoch");
        Expect.same("all", Books.names(store.snapshot().all()), List.of("a", "b", "d"));
    }

    private static void preview(Bench bench) {
        Store store = bench.store();
        Declared<BookSpec, BookStatus> wanted = book("a", 1);
        var preview = store.preview(Commit.by("me").apply("default", wanted));
        Expect.that(preview.result().ok(), "it would be done");
        Expect.same("what would change", preview.changes().size(), 1);
        var more = preview.then(Commit.by("me").create("default", wanted));
        Expect.that(!more.result().ok(), "what comes after sees what came before");
        Expect.same("what is stored", store.snapshot().all(), List.of());
    }

    private static void reopen(Bench bench) throws Exception {
        bench.store().commit(Commit.by("me").create("default", book("a", 1)).create("default", book("b", 1)));
        var before = bench.store().snapshot();
        Optional<Store> again = bench.opener().reopen(bench.store(), bench.clock());
        if (again.isPresent()) {
            Expect.same("all", again.get().snapshot().all(), before.all());
            Expect.same("version", again.get().snapshot().version(), before.version());
        }
    }
}
