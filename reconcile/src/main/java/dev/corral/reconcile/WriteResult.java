package dev.corral.reconcile;

import java.util.Optional;

/** How one write ended. A conflict is an answer, not an exception: read again and decide again. */
public sealed interface WriteResult<S, T> {
    /** Whether the store now holds what was asked for. */
    default boolean ok() {
        return false;
    }

    /** The resource after the write, or as it was last if the write removed it; empty if nothing was written. */
    default Optional<Resource<S, T>> resource() {
        return Optional.empty();
    }

    /**
     * The resource after the write.
     *
     * @throws WriteRefused on a conflict, or if there is no such resource
     */
    default Resource<S, T> orThrow() {
        return resource().orElseThrow(() -> new WriteRefused(toString()));
    }

    /** It is done. */
    record Written<S, T>(Resource<S, T> written) implements WriteResult<S, T> {
        @Override
        public boolean ok() {
            return true;
        }

        @Override
        public Optional<Resource<S, T>> resource() {
            return Optional.of(written);
        }
    }

    /** It was like that already: no new version, no event. */
    record Unchanged<S, T>(Resource<S, T> current) implements WriteResult<S, T> {
        @Override
        public boolean ok() {
            return true;
        }

        @Override
        public Optional<Resource<S, T>> resource() {
            return Optional.of(current);
        }
    }

    /**
     * The resource isn't as the writer believed, so nothing was written.
     *
     * @param current the resource as it is
     * @param reason what differs
     */
    record Conflict<S, T>(Resource<S, T> current, String reason) implements WriteResult<S, T> {
        @Override
        public String toString() {
            return current.title() + " was not written: " + reason;
        }
    }

    /** There is no such resource, or only another one of the same name. */
    record NotFound<S, T>(Kind<S, T> kind, Key key) implements WriteResult<S, T> {
        @Override
        public String toString() {
            return kind.name() + " " + key + " does not exist";
        }
    }

    /**
     * What must hold besides doesn't, so nothing was written: the owner of a child is gone or being deleted, for instance.
     *
     * @param what kind and key of what was to be written
     * @param reason what doesn't hold
     */
    record Refused<S, T>(String what, String reason) implements WriteResult<S, T> {
        @Override
        public String toString() {
            return what + " was not written: " + reason;
        }
    }

    /**
     * Another leader has written since, so nothing was written.
     *
     * @param epoch the epoch of the commit
     * @param newest the highest epoch that the store has seen
     */
    record Fenced<S, T>(long epoch, long newest) implements WriteResult<S, T> {
        @Override
        public String toString() {
            return "nothing was written: the commit is of epoch " + epoch + ", and a leader of epoch " + newest
                    + " has taken over";
        }
    }
}
