package dev.corral.reconcile.testing;

import static dev.corral.reconcile.testing.Books.BOOK;
import static dev.corral.reconcile.testing.Books.book;
import static dev.corral.reconcile.testing.Books.reading;
import static dev.corral.reconcile.testing.Books.stored;

import dev.corral.reconcile.Commit;
import dev.corral.reconcile.InvalidSpec;
import dev.corral.reconcile.OwnerReference;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.testing.Books.BookSpec;
import dev.corral.reconcile.testing.Books.BookStatus;
import dev.corral.reconcile.testing.StoreContract.Bench;
import dev.corral.reconcile.testing.StoreContract.Chapter;
import java.util.List;
import java.util.Optional;

/** Children, adoption, release. */
final class OwnerCases {
    private OwnerCases() {}

    static Chapter in(Chapter chapter) {
        return chapter.rule("a child belongs to its owner and is found by it", OwnerCases::children)
                .rule("what another owns, or nobody, is not written for an owner", OwnerCases::strangers)
                .rule("no child is created for an owner that is gone or being deleted", OwnerCases::lostOwner)
                .rule("an owner of the same name and another uid is a stranger", OwnerCases::successor)
                .rule("what nobody controls can be adopted once", OwnerCases::adopt)
                .rule("nothing that is being deleted is adopted, and no owner that is adopts", OwnerCases::adoptMarked)
                .rule("a released child stays and belongs to nobody", OwnerCases::release)
                .rule("an owner that doesn't control keeps its dependents findable", OwnerCases::dependents)
                .rule("there is at most one controller", OwnerCases::oneController);
    }

    private static void children(Bench bench) {
        Store store = bench.store();
        var owner = store.create(book("owner", 1)).orThrow();
        store.commit(Commit.by("me").apply(owner, book("b", 1)).apply(owner, reading("a")));
        store.create(book("stranger", 1)).orThrow();
        Snapshot now = store.snapshot();
        String uid = owner.metadata().uid();
        Expect.same("books", Books.names(now.children(BOOK, uid)), List.of("b"));
        Expect.same("all", Books.names(now.children(uid)), List.of("b", "a"));
        Expect.same("the owner", now.owner(stored(store, "b")), Optional.of(owner));
        Expect.that(stored(store, "b").metadata().ownedBy(owner.metadata()), "it knows its owner");
    }

    private static void strangers(Bench bench) {
        Store store = bench.store();
        var one = store.create(book("one", 1)).orThrow();
        var two = store.create(book("two", 1)).orThrow();
        store.create(book("free", 1)).orThrow();
        store.commit(Commit.by("me").apply(one, book("child", 1)));
        Expect.that(!store.commit(Commit.by("me").apply(two, book("child", 2))).ok(), "another's child is left alone");
        Expect.that(!store.commit(Commit.by("me").apply(two, book("free", 2))).ok(), "nobody's resource too");
        Expect.same("pages", stored(store, "child").spec().pages(), 1);
    }

    private static void lostOwner(Bench bench) {
        Store store = bench.store();
        var owner = held(store, "owner");
        store.commit(Commit.by("me").apply(owner, book("before", 1)));
        var marked = store.delete(owner).orThrow();
        Expect.that(
                !store.commit(Commit.by("me").apply(marked, book("late", 1))).ok(), "no child for a marked owner");
        Expect.that(
                store.commit(Commit.by("me").apply(marked, book("before", 2))).ok(), "its children can change");
        store.update(marked.metadata(marked.metadata().withoutFinalizer("hold")))
                .orThrow();
        Expect.that(
                !store.commit(Commit.by("me").apply(marked, book("later", 1))).ok(), "no child for a gone owner");
    }

    private static void successor(Bench bench) {
        Store store = bench.store();
        var owner = store.create(book("owner", 1)).orThrow();
        store.commit(Commit.by("me").apply(owner, book("child", 1)));
        store.delete(owner).orThrow();
        var successor = store.create(book("owner", 1)).orThrow();
        Expect.same("the owner", store.snapshot().owner(stored(store, "child")), Optional.empty());
        Expect.same("children", store.snapshot().children(successor.metadata().uid()), List.of());
    }

    private static void adopt(Bench bench) {
        Store store = bench.store();
        var one = store.create(book("one", 1)).orThrow();
        var two = store.create(book("two", 1)).orThrow();
        var orphan = store.create(book("orphan", 1)).orThrow();
        Expect.that(store.commit(Commit.by("me").adopt(one, orphan)).ok(), "it is adopted");
        Expect.that(stored(store, "orphan").metadata().ownedBy(one.metadata()), "it belongs to the first");
        Expect.that(
                !store.commit(Commit.by("me").adopt(two, stored(store, "orphan")))
                        .ok(),
                "not to a second one");
        Expect.unchanged(
                "once more",
                store.commit(Commit.by("me").adopt(one, orphan)).results().get(0));
    }

    private static void adoptMarked(Bench bench) {
        Store store = bench.store();
        var owner = held(store, "owner");
        var leaving = store.delete(held(store, "leaving")).orThrow();
        Expect.that(!store.commit(Commit.by("me").adopt(owner, leaving)).ok(), "a marked resource is left alone");
        var orphan = store.create(book("orphan", 1)).orThrow();
        var marked = store.delete(owner).orThrow();
        Expect.that(!store.commit(Commit.by("me").adopt(marked, orphan)).ok(), "a marked owner adopts nothing");
    }

    private static void release(Bench bench) {
        Store store = bench.store();
        var owner = store.create(book("owner", 1)).orThrow();
        store.commit(Commit.by("me").apply(owner, book("child", 1)));
        Expect.that(
                store.commit(Commit.by("me").release(owner, stored(store, "child")))
                        .ok(),
                "it is released");
        Expect.same("owners", stored(store, "child").metadata().owners(), List.of());
        Expect.same("children", store.snapshot().children(owner.metadata().uid()), List.of());
    }

    private static void dependents(Bench bench) {
        Store store = bench.store();
        var owner = store.create(book("owner", 1)).orThrow();
        var other = store.create(book("other", 1)).orThrow();
        store.update(other.metadata(other.metadata().owner(OwnerReference.plain(owner))))
                .orThrow();
        String uid = owner.metadata().uid();
        Expect.same("children", store.snapshot().children(uid), List.of());
        Expect.same("dependents", Books.names(store.snapshot().dependents(uid)), List.of("other"));
    }

    private static void oneController(Bench bench) {
        Store store = bench.store();
        var one = store.create(book("one", 1)).orThrow();
        var two = store.create(book("two", 1)).orThrow();
        var child = store.create(book("child", 1)).orThrow();
        var claimed =
                child.metadata(child.metadata().owner(OwnerReference.to(one)).owner(OwnerReference.to(two)));
        Expect.refused("two controllers", InvalidSpec.class, () -> store.update(claimed));
    }

    private static Resource<BookSpec, BookStatus> held(Store store, String name) {
        var book = store.create(book(name, 1)).orThrow();
        return store.update(book.metadata(book.metadata().finalizer("hold"))).orThrow();
    }
}
