package dev.corral.reconcile;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the store knows of a resource besides its spec and status.
 *
 * @param key its address
 * @param uid its identity: given at creation, never used twice
 * @param version the store's version at its last write
 * @param generation 1 at creation, 1 more with each change of the spec and with the deletion mark
 * @param created when it was created
 * @param deletion the mark of a resource being deleted
 * @param labels what it can be selected by, sorted by key
 * @param annotations notes that select nothing, sorted by key
 * @param owner the resource that controls it; empty for what a user declared
 */
public record Metadata(
        Key key,
        String uid,
        long version,
        long generation,
        Instant created,
        Optional<Deletion> deletion,
        Map<String, String> labels,
        Map<String, String> annotations,
        Optional<OwnerReference> owner) {
    public Metadata {
        labels = sorted(labels);
        annotations = sorted(annotations);
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

    /** Whether this very resource, not one of the same name before or after it, controls this one. */
    public boolean ownedBy(Metadata other) {
        return owner.isPresent() && owner.get().uid().equals(other.uid);
    }

    public Metadata labels(Map<String, String> labels) {
        return new Metadata(key, uid, version, generation, created, deletion, labels, annotations, owner);
    }

    public Metadata annotations(Map<String, String> annotations) {
        return new Metadata(key, uid, version, generation, created, deletion, labels, annotations, owner);
    }

    Metadata version(long version) {
        return new Metadata(key, uid, version, generation, created, deletion, labels, annotations, owner);
    }

    Metadata nextGeneration() {
        return new Metadata(key, uid, version, generation + 1, created, deletion, labels, annotations, owner);
    }

    Metadata deletion(Deletion deletion) {
        return new Metadata(key, uid, version, generation, created, Optional.of(deletion), labels, annotations, owner);
    }

    /** Sorted, so that listings and texts made of it come out the same each time. */
    private static Map<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
