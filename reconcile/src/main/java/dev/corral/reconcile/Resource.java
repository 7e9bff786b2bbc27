package dev.corral.reconcile;

import java.util.List;
import java.util.Map;

/**
 * Something declared, as it is stored: what should be and what was last seen. Immutable; changing a copy changes nothing in
 * the store until it is written back.
 *
 * @param <S> the spec's type: an immutable value, best a record
 * @param <T> the status's type: an immutable value, best a record
 * @param kind what it is
 * @param metadata name, identity, versions
 * @param spec what should be; written by users and owners
 * @param status what was seen; written by controllers and agents
 */
public record Resource<S, T>(Kind<S, T> kind, Metadata metadata, S spec, T status) {
    public Key key() {
        return metadata.key();
    }

    public String name() {
        return metadata.name();
    }

    public Resource<S, T> spec(S spec) {
        return new Resource<>(kind, metadata, spec, status);
    }

    public Resource<S, T> status(T status) {
        return new Resource<>(kind, metadata, spec, status);
    }

    public Resource<S, T> labels(Map<String, String> labels) {
        return metadata(metadata.labels(labels));
    }

    public Resource<S, T> annotations(Map<String, String> annotations) {
        return metadata(metadata.annotations(annotations));
    }

    /** With other labels, annotations, owners or finalizers; the store decides the rest of the metadata itself. */
    public Resource<S, T> metadata(Metadata metadata) {
        return new Resource<>(kind, metadata, spec, status);
    }

    /**
     * The spec as indented lines, as in {@code replicas: 3}, for people and for comparing: what is empty or false is left out, durations are
     * in seconds, control characters are written as in Java's sources. The same for equal specs; not read by anything.
     */
    public List<String> specText() {
        return SpecText.of(spec);
    }

    /** The status in the same form, its conditions left out. */
    public List<String> statusText() {
        return SpecText.ofStatus(status);
    }

    /** The conditions within the status; none if it has no place for them. */
    public Conditions conditions() {
        return Shown.conditions(status);
    }

    /** Kind and key, as in {@code Pod default/web-0}. */
    public String title() {
        return kind.name() + " " + key();
    }
}
