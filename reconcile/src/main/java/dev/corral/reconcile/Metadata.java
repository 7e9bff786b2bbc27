package dev.corral.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What the store knows of a resource besides its spec and status.
 *
 * @param key its address
 * @param uid its identity: given at creation, never used twice
 * @param version the store's version at its last write
 * @param generation 1 at creation, 1 more with each change of the spec and with the deletion mark
 * @param observedGeneration the generation that the last plan of its controller was made for; 0 before the first
 * @param created when it was created
 * @param deletion the mark of a resource being deleted
 * @param labels what it can be selected by, sorted by key
 * @param annotations notes that select nothing, sorted by key
 * @param owners the resources that it belongs to; empty for what a user declared
 * @param finalizers who has to agree before it goes, by name; a deleted resource stays, marked, until none is left
 */
public record Metadata(
        Key key,
        String uid,
        long version,
        long generation,
        long observedGeneration,
        Instant created,
        Optional<Deletion> deletion,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<OwnerReference> owners,
        SortedSet<String> finalizers) {
    public Metadata {
        // In order, so that listings and texts made of it come out the same each time.
        labels = Sorted.of(labels);
        annotations = Sorted.of(annotations);
        owners = List.copyOf(owners);
        finalizers = finalizers.isEmpty()
                ? Collections.emptySortedSet()
                : Collections.unmodifiableSortedSet(new TreeSet<>(finalizers));
    }

    /** The metadata of a resource that has just been created, and belongs to nobody. */
    public static Metadata created(Key key, String uid, long version, Instant when) {
        return new Metadata(
                key,
                uid,
                version,
                1,
                0,
                when,
                Optional.empty(),
                Map.of(),
                Map.of(),
                List.of(),
                Collections.emptySortedSet());
    }

    public String name() {
        return key.name();
    }

    public String namespace() {
        return key.namespace();
    }

    /** Whether it is being deleted. */
    public boolean terminating() {
        return deletion.isPresent();
    }

    /** Whether the last plan of its controller was made for its spec as it is now. */
    public boolean observed() {
        return observedGeneration >= generation;
    }

    /** The resource that controls it; empty for what a user declared. */
    public Optional<OwnerReference> owner() {
        for (OwnerReference owner : owners) {
            if (owner.controller()) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    /** Whether this very resource, not one of the same name before or after it, controls this one. */
    public boolean ownedBy(Metadata other) {
        return owner().filter(owner -> owner.uid().equals(other.uid)).isPresent();
    }

    public Metadata labels(Map<String, String> labels) {
        return with(version, generation, observedGeneration, deletion, labels, annotations, owners, finalizers);
    }

    public Metadata annotations(Map<String, String> annotations) {
        return with(version, generation, observedGeneration, deletion, labels, annotations, owners, finalizers);
    }

    /** With other labels and annotations; itself if they are the very same. */
    @SuppressWarnings("ReferenceEquality") // a copy of what is the same is the same
    Metadata words(Map<String, String> labels, Map<String, String> annotations) {
        return labels == this.labels && annotations == this.annotations
                ? this
                : with(version, generation, observedGeneration, deletion, labels, annotations, owners, finalizers);
    }

    public Metadata owners(List<OwnerReference> owners) {
        return with(version, generation, observedGeneration, deletion, labels, annotations, owners, finalizers);
    }

    /** With one more owner. */
    public Metadata owner(OwnerReference owner) {
        List<OwnerReference> more = new ArrayList<>(owners);
        more.add(owner);
        return owners(more);
    }

    Metadata withoutOwners(Predicate<OwnerReference> which) {
        return owners(owners.stream().filter(which.negate()).toList());
    }

    public Metadata finalizers(Collection<String> finalizers) {
        return with(
                version,
                generation,
                observedGeneration,
                deletion,
                labels,
                annotations,
                owners,
                new TreeSet<>(finalizers));
    }

    /** With one more finalizer. */
    public Metadata finalizer(String finalizer) {
        SortedSet<String> more = new TreeSet<>(finalizers);
        more.add(finalizer);
        return finalizers(more);
    }

    /** Without a finalizer, whether it is there or not. */
    public Metadata withoutFinalizer(String finalizer) {
        SortedSet<String> less = new TreeSet<>(finalizers);
        less.remove(finalizer);
        return finalizers(less);
    }

    /** As a write leaves it. */
    Metadata written(long version, boolean otherSpec) {
        long next = otherSpec ? generation + 1 : generation;
        return with(version, next, observedGeneration, deletion, labels, annotations, owners, finalizers);
    }

    Metadata nextGeneration() {
        return with(version, generation + 1, observedGeneration, deletion, labels, annotations, owners, finalizers);
    }

    Metadata observed(long generation) {
        return with(version, this.generation, generation, deletion, labels, annotations, owners, finalizers);
    }

    Metadata deletion(Deletion deletion) {
        return with(
                version,
                generation,
                observedGeneration,
                Optional.of(deletion),
                labels,
                annotations,
                owners,
                finalizers);
    }

    private Metadata with(
            long version,
            long generation,
            long observedGeneration,
            Optional<Deletion> deletion,
            Map<String, String> labels,
            Map<String, String> annotations,
            List<OwnerReference> owners,
            SortedSet<String> finalizers) {
        return new Metadata(
                key,
                uid,
                version,
                generation,
                observedGeneration,
                created,
                deletion,
                labels,
                annotations,
                owners,
                finalizers);
    }
}
