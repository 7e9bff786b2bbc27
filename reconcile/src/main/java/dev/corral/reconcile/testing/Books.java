package dev.corral.reconcile.testing;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Problem;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds that the store's contract is about. */
final class Books {
    /** Pages 0 is filled in as 100, fewer than 0 are refused; the translator, and prices, may be somebody else's choice. */
    record BookSpec(int pages, Optional<String> translator, List<String> authors, Map<String, Integer> prices) {
        BookSpec pages(int count) {
            return new BookSpec(count, translator, authors, prices);
        }

        BookSpec translator(String name) {
            return new BookSpec(pages, Optional.of(name), authors, prices);
        }

        BookSpec prices(Map<String, Integer> perCountry) {
            return new BookSpec(pages, translator, authors, perCountry);
        }
    }

    record BookStatus(int sold) {}

    static final Kind<BookSpec, BookStatus> BOOK = Kind.of("Book", BookSpec.class, BookStatus.class)
            .defaulting(spec -> spec.pages() == 0 ? spec.pages(100) : spec)
            .validating(spec ->
                    spec.pages() < 0 ? List.of(new Problem("spec.pages", spec.pages() + " is less than 0")) : List.of())
            .index("author", book -> book.spec().authors());

    record ReadingSpec(String room) {}

    record ReadingStatus(boolean begun) {}

    /** Deleted gracefully, within half a minute. */
    static final Kind<ReadingSpec, ReadingStatus> READING =
            Kind.of("Reading", ReadingSpec.class, ReadingStatus.class).graceful(spec -> Duration.ofSeconds(30));

    private Books() {}

    static Declared<BookSpec, BookStatus> book(String name, int pages) {
        return book(name, pages, Map.of());
    }

    static Declared<BookSpec, BookStatus> book(String name, int pages, Map<String, String> labels) {
        return Declared.of(BOOK, name, labels, new BookSpec(pages, Optional.empty(), List.of(), Map.of()));
    }

    static Declared<BookSpec, BookStatus> sold(String name, Map<String, Integer> prices) {
        return Declared.of(BOOK, name, new BookSpec(1, Optional.empty(), List.of(), prices));
    }

    static Declared<BookSpec, BookStatus> by(String name, String... authors) {
        return Declared.of(BOOK, name, new BookSpec(1, Optional.empty(), List.of(authors), Map.of()));
    }

    static Declared<ReadingSpec, ReadingStatus> reading(String name) {
        return Declared.of(READING, name, new ReadingSpec("hall"));
    }

    static Resource<BookSpec, BookStatus> stored(Store store, String name) {
        return store.snapshot().get(BOOK, Key.of(name)).orElseThrow();
    }

    static List<String> names(List<? extends Resource<?, ?>> resources) {
        return resources.stream().map(Resource::name).toList();
    }
}
