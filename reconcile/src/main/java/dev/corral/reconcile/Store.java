package dev.corral.reconcile;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Everything declared, with one version counter for all of it. Every write that changes something counts one up, and so does a
 * commit of several writes. Before a spec is stored its kind's defaults are filled in and its rules checked. Any thread may
 * use it.
 */
public interface Store {
    /** An empty store within this JVM, on the system's time. */
    static Store inMemory() {
        return inMemory(Clock.system(), () -> UUID.randomUUID().toString());
    }

    /**
     * An empty store within this JVM. It remembers the last 8192 changes for watches that lag behind.
     *
     * @param uids gives a new uid at each call, never one twice
     */
    static Store inMemory(Clock clock, Supplier<String> uids) {
        return new MemoryStore(clock, uids, 8192);
    }

    /** All that is stored now. Cheap. */
    Snapshot snapshot();

    /**
     * All that is stored now, as far as an author can see it: never older than its last commit. A store behind a network answers
     * from what it has been told so far; within this JVM it is the newest.
     *
     * @param author as {@link Commit#by} has it
     */
    default Snapshot snapshot(String author) {
        return snapshot();
    }

    /**
     * Carries out a commit, whole or not at all.
     *
     * @throws InvalidSpec if a spec breaks rules of its kind; nothing was written
     */
    CommitResult commit(Commit commit);

    /**
     * Says what a commit would do, without doing it.
     *
     * @throws InvalidSpec if a spec breaks rules of its kind
     */
    Preview preview(Commit commit);

    /**
     * Whether a commit of several writes is visible all at once. If not, a plan is carried out write by write: children in its
     * order, then deletions, the status last.
     */
    default boolean transactional() {
        return true;
    }

    /** Tells everything stored now as {@code Added}, then {@code Synced}, then every change; after falling behind it lists again. */
    <S, T> Watch<S, T> watch(Kind<S, T> kind);

    /**
     * Tells every change after a version.
     *
     * @param after the version of a snapshot, 0 or more
     * @throws WatchExpired if the store has forgotten some of them
     */
    <S, T> Watch<S, T> watch(Kind<S, T> kind, long after);

    /** Like {@link #watch(Kind)}, for all kinds. */
    Watch<?, ?> watchAll();

    /**
     * Calls after every change, on the thread that wrote; the callee must neither block nor throw.
     *
     * @return ends the calls
     */
    Runnable onChange(Runnable callee);

    /** Creates in the default namespace; in conflict with an existing resource of the name. */
    default <S, T> WriteResult<S, T> create(Declared<S, T> declared) {
        return single(Commit.by("").create(Key.DEFAULT_NAMESPACE, declared));
    }

    /**
     * Makes it so in the default namespace: creates the resource, or writes what the declaration sets and no longer sets.
     * Components that it leaves as an empty {@code Optional}, labels, and entries of a {@code Map} component, that it doesn't name
     * stay as others wrote them. A list is one thing: what several parties add to is a map.
     */
    default <S, T> WriteResult<S, T> apply(Declared<S, T> declared) {
        return apply(Key.DEFAULT_NAMESPACE, declared);
    }

    default <S, T> WriteResult<S, T> apply(String namespace, Declared<S, T> declared) {
        return single(Commit.by("").apply(namespace, declared));
    }

    /**
     * Writes spec, labels, annotations, owners and finalizers, if the stored version is still the one carried; ignores the
     * status. A resource that is being deleted takes no new finalizer, and goes with its last one.
     */
    default <S, T> WriteResult<S, T> update(Resource<S, T> resource) {
        return single(Commit.by("").update(resource));
    }

    /** Writes the status, if the stored version is still the one carried; ignores all else. */
    default <S, T> WriteResult<S, T> updateStatus(Resource<S, T> resource) {
        return single(Commit.by("").updateStatus(resource));
    }

    /**
     * Changes the status of one very resource, reading again as often as others write in between.
     *
     * @param uid which resource of that name
     * @param change from the status stored to the one wanted; may be called more than once
     * @return never a conflict
     */
    default <S, T> WriteResult<S, T> updateStatus(Kind<S, T> kind, Key key, String uid, UnaryOperator<T> change) {
        while (true) {
            Resource<S, T> current = snapshot()
                    .get(kind, key)
                    .filter(found -> found.metadata().uid().equals(uid))
                    .orElse(null);
            if (current == null) {
                return new WriteResult.NotFound<>(kind, key);
            }
            WriteResult<S, T> result = updateStatus(current.status(change.apply(current.status())));
            if (!(result instanceof WriteResult.Conflict)) {
                return result;
            }
        }
    }

    /** Deletes with the grace of its kind, if uid and version are still the ones carried. */
    default <S, T> WriteResult<S, T> delete(Resource<S, T> resource) {
        return single(Commit.by("").delete(resource));
    }

    /** Deletes with a grace, if uid and version are still the ones carried. A second delete may only shorten the grace. */
    default <S, T> WriteResult<S, T> delete(Resource<S, T> resource, Duration grace) {
        return single(Commit.by("").delete(resource, grace));
    }

    /** Deletes, and says what becomes of what the resource owns, if uid and version are still the ones carried. */
    default <S, T> WriteResult<S, T> delete(Resource<S, T> resource, Propagation propagation) {
        return single(Commit.by("").delete(resource, propagation));
    }

    /**
     * Takes away a resource of a graceful kind that is marked as deleted, if the uid is still the one carried; with finalizers
     * of others it goes when the last of them does.
     */
    default <S, T> WriteResult<S, T> remove(Resource<S, T> resource) {
        return single(Commit.by("").remove(resource));
    }

    private <S, T> WriteResult<S, T> single(Commit commit) {
        @SuppressWarnings("unchecked") // the only write of the commit is of this kind
        WriteResult<S, T> result = (WriteResult<S, T>) commit(commit).results().get(0);
        return result;
    }
}
