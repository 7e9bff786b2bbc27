package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** How a resource goes: at once, or marked until the last of those who have to agree has done so. */
record Deleting(Draft draft) {
    <S, T> WriteResult<S, T> delete(Stored<S, T> stored, Write.Delete<S, T> write) {
        Resource<S, T> current = stored.resource();
        if (Transaction.differs(current, write.resource())) {
            return Transaction.outdated(current, write.resource());
        }
        Metadata metadata = withoutFinalizers(propagating(current.metadata(), write.propagation()), write.letGo());
        if (metadata.terminating()) {
            return again(stored, current.metadata(metadata), write.grace());
        }
        Metadata held = current.kind().graceful() ? metadata.finalizer(Finalizers.RUNNING) : metadata;
        Duration grace = write.grace().orElseGet(() -> current.kind().grace(current.spec()));
        return draft.replace(
                stored,
                current.metadata(held.deletion(new Deletion(draft.now(), grace)).nextGeneration()));
    }

    /** A second delete may shorten the grace, never lengthen it. */
    private <S, T> WriteResult<S, T> again(Stored<S, T> stored, Resource<S, T> next, Optional<Duration> grace) {
        Metadata metadata = next.metadata();
        Deletion before = metadata.deletion().orElseThrow();
        Instant deadline = draft.now().plus(grace.orElseGet(() -> next.kind().grace(next.spec())));
        if (!deadline.isBefore(before.deadline())) {
            return draft.replace(stored, next);
        }
        Duration rest = Duration.between(before.at(), deadline);
        Deletion shorter = new Deletion(before.at(), rest.isNegative() ? Duration.ZERO : rest);
        return draft.replace(stored, next.metadata(metadata.deletion(shorter).nextGeneration()));
    }

    <S, T> WriteResult<S, T> letGo(Stored<S, T> stored, String finalizer) {
        Resource<S, T> current = stored.resource();
        Metadata metadata = current.metadata();
        return metadata.finalizers().contains(finalizer)
                ? draft.replace(stored, current.metadata(metadata.withoutFinalizer(finalizer)))
                : new WriteResult.Conflict<>(current, "it has no finalizer " + finalizer + " any more");
    }

    <S, T> WriteResult<S, T> remove(Stored<S, T> stored) {
        Resource<S, T> current = stored.resource();
        return current.metadata().terminating()
                ? draft.replace(stored, current.metadata(current.metadata().withoutFinalizer(Finalizers.RUNNING)))
                : new WriteResult.Conflict<>(current, "it is not being deleted: delete it first");
    }

    private static Metadata withoutFinalizers(Metadata metadata, Set<String> finalizers) {
        Metadata fewer = metadata;
        for (String finalizer : finalizers) {
            fewer = fewer.withoutFinalizer(finalizer);
        }
        return fewer;
    }

    private static Metadata propagating(Metadata metadata, Optional<Propagation> propagation) {
        if (propagation.isEmpty()) {
            return metadata;
        }
        Metadata plain = metadata.withoutFinalizer(Finalizers.FOREGROUND).withoutFinalizer(Finalizers.ORPHAN);
        return switch (propagation.get()) {
            case BACKGROUND -> plain;
            case FOREGROUND -> plain.finalizer(Finalizers.FOREGROUND);
            case ORPHAN -> plain.finalizer(Finalizers.ORPHAN);
        };
    }
}
