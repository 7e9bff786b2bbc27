package dev.corral.reconcile;

import java.util.Optional;

/** A resource before and after a commit; empty where it didn't exist. */
record Touched(Optional<Resource<?, ?>> before, Optional<Resource<?, ?>> after) {
    /** The event that tells it; empty if a resource came and went unseen. */
    Optional<StoreEvent<?, ?>> event(long version, String author) {
        if (after.isPresent()) {
            return Optional.of(event(before, after.get(), version, author));
        }
        return before.map(last -> new StoreEvent.Deleted<>(last, version, author));
    }

    @SuppressWarnings("unchecked") // both are the same resource, hence of one kind
    private static <S, T> StoreEvent<S, T> event(
            Optional<Resource<?, ?>> before, Resource<S, T> after, long version, String author) {
        return before.<StoreEvent<S, T>>map(
                        old -> new StoreEvent.Modified<>((Resource<S, T>) old, after, version, author))
                .orElseGet(() -> new StoreEvent.Added<>(after, version, author));
    }
}
