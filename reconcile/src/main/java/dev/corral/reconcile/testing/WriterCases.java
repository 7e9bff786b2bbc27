package dev.corral.reconcile.testing;

import static dev.corral.reconcile.testing.Books.BOOK;
import static dev.corral.reconcile.testing.Books.book;
import static dev.corral.reconcile.testing.Books.stored;

import dev.corral.reconcile.Store;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.WatchExpired;
import dev.corral.reconcile.WriteResult;
import dev.corral.reconcile.testing.Books.BookSpec;
import dev.corral.reconcile.testing.Books.BookStatus;
import dev.corral.reconcile.testing.StoreContract.Bench;
import dev.corral.reconcile.testing.StoreContract.Chapter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;

/** What holds however many write at once. */
final class WriterCases {
    private static final int WRITERS = 8;
    private static final int ROUNDS = 250;

    private WriterCases() {}

    static Chapter in(Chapter chapter) {
        return chapter.rule("eight writers lose no update", WriterCases::noLostUpdate)
                .rule("eight creators of one name: one wins each time, and no uid comes twice", WriterCases::creators)
                .rule(
                        "under eight writers a watch tells each version in order, or says that it expired",
                        WriterCases::order)
                .rule("under eight writers a watch that lists ends with what is stored", WriterCases::lists);
    }

    private static void noLostUpdate(Bench bench) {
        Store store = bench.store();
        store.create(book("a", 1)).orThrow();
        together(writer -> {
            for (int i = 0; i < ROUNDS; i++) {
                WriteResult<BookSpec, BookStatus> result;
                do {
                    var read = stored(store, "a");
                    result = store.updateStatus(
                            read.status(new BookStatus(read.status().sold() + 1)));
                } while (!result.ok());
            }
        });
        Expect.same("sold", stored(store, "a").status().sold(), WRITERS * ROUNDS);
    }

    private static void creators(Bench bench) {
        Store store = bench.store();
        Set<String> uids = ConcurrentHashMap.newKeySet();
        together(writer -> {
            for (int i = 0; i < ROUNDS; i++) {
                store.create(book("b" + i, 1))
                        .resource()
                        .ifPresent(won -> Expect.that(uids.add(won.metadata().uid()), "no uid comes twice"));
            }
        });
        Expect.same("created", uids.size(), ROUNDS);
        Expect.same("stored", store.snapshot().list(BOOK).size(), ROUNDS);
    }

    private static void order(Bench bench) {
        Store store = bench.store();
        long start = store.snapshot().version();
        try (Watch<BookSpec, BookStatus> watch = store.watch(BOOK, start)) {
            CompletableFuture<Void> writers = CompletableFuture.runAsync(() -> churn(store));
            long told = start;
            boolean done = false;
            while (!done) {
                done = writers.isDone();
                for (StoreEvent<BookSpec, BookStatus> event : watch.poll()) {
                    Expect.same("the next version", event.version(), told + 1);
                    told = event.version();
                }
            }
            writers.join();
            Expect.same("the last version", told, store.snapshot().version());
        } catch (WatchExpired behind) {
            Expect.that(store.snapshot().version() > start, "a watch expires only if it is behind");
        }
    }

    private static void lists(Bench bench) {
        Store store = bench.store();
        Set<String> known = new HashSet<>();
        try (Watch<BookSpec, BookStatus> watch = store.watch(BOOK)) {
            CompletableFuture<Void> writers = CompletableFuture.runAsync(() -> churn(store));
            boolean done = false;
            while (!done) {
                done = writers.isDone();
                for (StoreEvent<BookSpec, BookStatus> event : watch.poll()) {
                    event.before().ifPresent(gone -> known.remove(gone.name()));
                    event.after().ifPresent(here -> known.add(here.name()));
                }
            }
            writers.join();
        }
        Expect.same("names", known, new HashSet<>(Books.names(store.snapshot().list(BOOK))));
    }

    private static void churn(Store store) {
        together(writer -> {
            for (int i = 0; i < ROUNDS; i++) {
                var made = store.create(book("w" + writer + "-" + i, 1)).orThrow();
                if (i % 2 == 0) {
                    store.delete(made).orThrow();
                }
            }
        });
    }

    private static void together(IntConsumer body) {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                all.add(CompletableFuture.runAsync(() -> body.accept(writer), threads));
            }
            all.forEach(CompletableFuture::join);
        } finally {
            threads.shutdown();
        }
    }
}
