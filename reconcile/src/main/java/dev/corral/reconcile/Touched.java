package dev.corral.reconcile;

import org.jspecify.annotations.Nullable;

/** A resource before and after a commit; null where it didn't exist. */
record Touched(@Nullable Resource<?, ?> before, @Nullable Resource<?, ?> after) {
    /** The same change and a further one; of what goes with it the last status is kept. */
    Touched then(@Nullable Resource<?, ?> next) {
        return new Touched(next == null && before != null && after != null ? withStatus(before, after) : before, next);
    }

    @SuppressWarnings("unchecked") // both are the same resource, hence of one kind
    private static <S, T> Resource<S, T> withStatus(Resource<S, T> resource, Resource<?, ?> last) {
        return resource.status((T) last.status());
    }

    /** The event that tells it; null if a resource came and went unseen. */
    @Nullable
    StoreEvent<?, ?> event(long version, String author) {
        if (after != null) {
            return event(before, after, version, author);
        }
        return before == null ? null : new StoreEvent.Deleted<>(before, version, author);
    }

    @SuppressWarnings("unchecked") // both are the same resource, hence of one kind
    private static <S, T> StoreEvent<S, T> event(
            @Nullable Resource<?, ?> before, Resource<S, T> after, long version, String author) {
        return before == null
                ? new StoreEvent.Added<>(after, version, author)
                : new StoreEvent.Modified<>((Resource<S, T>) before, after, version, author);
    }
}
