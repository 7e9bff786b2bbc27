package dev.corral.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes that become visible together or not at all, with what must hold for them. Immutable, carried out by a {@link Store}. */
public final class Commit {
    private final String author;
    private final List<Write<?, ?>> writes;

    private Commit(String author, List<Write<?, ?>> writes) {
        this.author = author;
        this.writes = writes;
    }

    /** An empty commit of an author, whose name goes with the events that it causes. */
    public static Commit by(String author) {
        return new Commit(author, List.of());
    }

    /** Creates; in conflict with an existing resource of the name. */
    public Commit create(String namespace, Declared<?, ?> declared) {
        return plus(Write.create(new Key(namespace, declared.name()), declared));
    }

    /** Creates, or merges what the author sets into what is stored. */
    public Commit apply(String namespace, Declared<?, ?> declared) {
        return plus(Write.apply(new Key(namespace, declared.name()), declared, author, Optional.empty()));
    }

    /** Creates or merges a child of an owner; in conflict with a resource that it doesn't own. */
    public Commit apply(Resource<?, ?> owner, Declared<?, ?> child) {
        OwnerReference reference = OwnerReference.to(owner);
        Key key = new Key(owner.metadata().namespace(), child.name());
        return plus(Write.apply(key, child, reference.uid(), Optional.of(reference)));
    }

    /** Writes spec, labels and annotations, if the stored version is still the one carried; ignores the status. */
    public Commit update(Resource<?, ?> resource) {
        return plus(new Write.Update<>(resource));
    }

    /** Writes the status, if the stored version is still the one carried; ignores all else. */
    public Commit updateStatus(Resource<?, ?> resource) {
        return plus(new Write.UpdateStatus<>(resource, true));
    }

    /** Writes the status, if uid and generation are still the ones carried and no deletion has begun; ignores all else. */
    Commit decideStatus(Resource<?, ?> resource) {
        return plus(new Write.UpdateStatus<>(resource, false));
    }

    /** Deletes with the grace of its kind, if uid and version are still the ones carried. */
    public Commit delete(Resource<?, ?> resource) {
        return plus(new Write.Delete<>(resource, Optional.empty()));
    }

    /** Deletes with a grace, if uid and version are still the ones carried. A second delete may only shorten the grace. */
    public Commit delete(Resource<?, ?> resource, Duration grace) {
        return plus(new Write.Delete<>(resource, Optional.of(grace)));
    }

    /** Takes away a resource that is marked as deleted, if the uid is still the one carried. */
    public Commit remove(Resource<?, ?> resource) {
        return plus(new Write.Remove<>(resource));
    }

    /** Writes nothing, but lets the commit fail unless the resource has the same uid and generation and isn't being deleted. */
    public Commit require(Resource<?, ?> resource) {
        return plus(new Write.Require<>(resource));
    }

    String author() {
        return author;
    }

    List<Write<?, ?>> writes() {
        return writes;
    }

    private Commit plus(Write<?, ?> write) {
        List<Write<?, ?>> longer = new ArrayList<>(writes);
        longer.add(write);
        return new Commit(author, List.copyOf(longer));
    }
}
