package dev.corral.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes that become visible together or not at all, with what must hold for them. Immutable, carried out by a {@link Store}. */
public final class Commit {
    private final String author;
    private final OptionalLong epoch;
    private final List<Write<?, ?>> writes;

    private Commit(String author, OptionalLong epoch, List<Write<?, ?>> writes) {
        this.author = author;
        this.epoch = epoch;
        this.writes = writes;
    }

    /** An empty commit of an author, whose name goes with the events that it causes. */
    public static Commit by(String author) {
        return new Commit(author, OptionalLong.empty(), List.of());
    }

    /** In the name of a leader: refused once the store has seen a higher epoch. Without it the epoch isn't checked. */
    public Commit epoch(long epoch) {
        return new Commit(author, OptionalLong.of(epoch), writes);
    }

    /** Creates; in conflict with an existing resource of the name. */
    public Commit create(String namespace, Declared<?, ?> declared) {
        return plus(Write.create(new Key(namespace, declared.name()), declared));
    }

    /** Creates, or merges what the author sets into what is stored. */
    public Commit apply(String namespace, Declared<?, ?> declared) {
        return plus(Write.apply(new Key(namespace, declared.name()), declared, author, Optional.empty()));
    }

    /**
     * Creates or merges a child of an owner; in conflict with a resource that it doesn't own. Nothing is created for an owner
     * that is gone or being deleted.
     */
    public Commit apply(Resource<?, ?> owner, Declared<?, ?> child) {
        return plus(Write.apply(owner, child));
    }

    /** Writes all but the status, if the stored version is still the one carried; ignores the status. */
    public Commit update(Resource<?, ?> resource) {
        return plus(new Write.Update<>(resource));
    }

    /** Writes the status, if the stored version is still the one carried; ignores all else. */
    public Commit updateStatus(Resource<?, ?> resource) {
        return plus(new Write.UpdateStatus<>(resource));
    }

    /**
     * Writes the status, and that this generation was observed, if uid and generation are still the ones carried; ignores all
     * else.
     */
    public Commit decide(Resource<?, ?> resource) {
        return plus(new Write.Decide<>(resource, Optional.empty()));
    }

    /** Deletes with the grace of its kind, if uid and version are still the ones carried. */
    public Commit delete(Resource<?, ?> resource) {
        return plus(new Write.Delete<>(resource, Optional.empty(), Optional.empty(), Set.of()));
    }

    /** Deletes with a grace, if uid and version are still the ones carried. A second delete may only shorten the grace. */
    public Commit delete(Resource<?, ?> resource, Duration grace) {
        return plus(new Write.Delete<>(resource, Optional.of(grace), Optional.empty(), Set.of()));
    }

    /** Deletes, and says what becomes of what the resource owns; a second delete may change that. */
    public Commit delete(Resource<?, ?> resource, Propagation propagation) {
        return plus(new Write.Delete<>(resource, Optional.empty(), Optional.of(propagation), Set.of()));
    }

    /** Deletes and takes some finalizers away in the same write, so that nobody sees it marked and still held by them. */
    Commit delete(Resource<?, ?> resource, Optional<Duration> grace, Set<String> letGo) {
        return plus(new Write.Delete<>(resource, grace, Optional.empty(), letGo));
    }

    /**
     * Takes a finalizer away, if uid and finalizer are still there: of two who count what they let go, one is refused. What is
     * being deleted goes with its last finalizer.
     */
    public Commit letGo(Resource<?, ?> resource, String finalizer) {
        return plus(new Write.LetGo<>(resource, finalizer));
    }

    /**
     * Takes away a resource of a graceful kind that is marked as deleted, if the uid is still the one carried; with finalizers
     * of others it goes when the last of them does.
     */
    public Commit remove(Resource<?, ?> resource) {
        return plus(new Write.Remove<>(resource));
    }

    /** Writes nothing, but lets the commit fail unless the resource has the same uid and generation. */
    public Commit require(Resource<?, ?> resource) {
        return plus(new Write.Require<>(resource));
    }

    /** Makes a resource that nobody controls a child of an owner, if neither is being deleted and both are still the same. */
    public Commit adopt(Resource<?, ?> owner, Resource<?, ?> orphan) {
        return plus(new Write.Adopt<>(orphan, owner));
    }

    /** Lets a child of an owner belong to nobody; it stays as it is. */
    public Commit release(Resource<?, ?> owner, Resource<?, ?> child) {
        return plus(new Write.Release<>(child, owner));
    }

    /** Who writes. */
    public String author() {
        return author;
    }

    /** The epoch of the writer, if it is checked. */
    public OptionalLong epoch() {
        return epoch;
    }

    /** How many writes there are, requirements not counted. */
    public int size() {
        int size = 0;
        for (Write<?, ?> write : writes) {
            size += writesSomething(write) ? 1 : 0;
        }
        return size;
    }

    /**
     * The same writes as commits of one write each, in order, each with all requirements: the way of a store that has no
     * transactions.
     */
    public List<Commit> steps() {
        List<Write<?, ?>> required =
                writes.stream().filter(write -> !writesSomething(write)).toList();
        return writes.stream()
                .filter(Commit::writesSomething)
                .map(write -> {
                    List<Write<?, ?>> step = new ArrayList<>(required);
                    step.add(write);
                    return new Commit(author, epoch, List.copyOf(step));
                })
                .toList();
    }

    List<Write<?, ?>> writes() {
        return writes;
    }

    /** These writes, then those of another commit. */
    Commit then(Commit other) {
        return then(other.writes);
    }

    /** These writes, then others. */
    Commit then(List<Write<?, ?>> others) {
        List<Write<?, ?>> longer = new ArrayList<>(writes);
        longer.addAll(others);
        return new Commit(author, epoch, List.copyOf(longer));
    }

    private static boolean writesSomething(Write<?, ?> write) {
        return !(write instanceof Write.Require);
    }

    private Commit plus(Write<?, ?> write) {
        if (writes.isEmpty()) {
            return new Commit(author, epoch, List.of(write));
        }
        List<Write<?, ?>> longer = new ArrayList<>(writes);
        longer.add(write);
        return new Commit(author, epoch, List.copyOf(longer));
    }

    /** What it does, in one line, as in {@code Web controller: apply Pod default/web-0, decide Web default/web}. */
    @Override
    public String toString() {
        return (author.isEmpty() ? "somebody" : author) + ": "
                + writes.stream()
                        .filter(Commit::writesSomething)
                        .map(write -> write.verb() + " " + write.title())
                        .collect(Collectors.joining(", "));
    }
}
