package dev.corral.reconcile;

import java.util.Optional;

/**
 * A change in the store, as a watch tells it. Java 17 has no pattern {@code switch}: {@link #before} and {@link #after} answer
 * for all four.
 */
public sealed interface StoreEvent<S, T> {
    /** The version of the write that caused it. */
    long version();

    /** Who wrote; empty text if the writer gave no name, and for what a list found. */
    String author();

    /** The resource before the change; empty if there was none. */
    default Optional<Resource<S, T>> before() {
        return Optional.empty();
    }

    /** The resource after the change; empty if it is gone. */
    default Optional<Resource<S, T>> after() {
        return Optional.empty();
    }

    /** The resource after the change, or as it was last if it is gone; empty for {@code Synced} only. */
    default Optional<Resource<S, T>> latest() {
        return after().isPresent() ? after() : before();
    }

    /** It is new, or was found by the list that a watch begins with. */
    record Added<S, T>(Resource<S, T> resource, long version, String author) implements StoreEvent<S, T> {
        @Override
        public Optional<Resource<S, T>> after() {
            return Optional.of(resource);
        }

        @Override
        public Optional<Resource<S, T>> latest() {
            return Optional.of(resource);
        }
    }

    /** It has changed; several changes of one commit are one event. */
    record Modified<S, T>(Resource<S, T> old, Resource<S, T> resource, long version, String author)
            implements StoreEvent<S, T> {
        @Override
        public Optional<Resource<S, T>> before() {
            return Optional.of(old);
        }

        @Override
        public Optional<Resource<S, T>> after() {
            return Optional.of(resource);
        }

        @Override
        public Optional<Resource<S, T>> latest() {
            return Optional.of(resource);
        }
    }

    /** It is gone. */
    record Deleted<S, T>(Resource<S, T> last, long version, String author) implements StoreEvent<S, T> {
        @Override
        public Optional<Resource<S, T>> before() {
            return Optional.of(last);
        }

        @Override
        public Optional<Resource<S, T>> latest() {
            return Optional.of(last);
        }
    }

    /** Everything stored at this version has been told. */
    record Synced<S, T>(long version) implements StoreEvent<S, T> {
        @Override
        public String author() {
            return "";
        }
    }
}
