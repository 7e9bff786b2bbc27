package dev.corral.reconcile;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that is stored, at one version. It never moves; any thread may read it. Lists are immutable and ordered by key. */
public interface Snapshot {
    /** The version of the last write that it contains; 0 for the empty store. */
    long version();

    /**
     * One resource.
     *
     * @throws IllegalArgumentException if another kind of the same name is stored
     */
    <S, T> Optional<Resource<S, T>> get(Kind<S, T> kind, Key key);

    /** All resources of a kind. */
    <S, T> List<Resource<S, T>> list(Kind<S, T> kind);

    /** All resources of a kind in one namespace. */
    <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace);

    /** All resources of a kind in one namespace that carry all these labels. */
    <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace, Map<String, String> labels);

    /** The resources of a kind that the resource of this uid owns. */
    <S, T> List<Resource<S, T>> children(Kind<S, T> kind, String ownerUid);

    /** The resources of any kind that the resource of this uid owns, ordered by kind and key. */
    List<Resource<?, ?>> children(String ownerUid);

    /** The resource that owns another one; empty if nothing does, or if it is gone. */
    Optional<Resource<?, ?>> owner(Resource<?, ?> child);

    /** Everything, ordered by kind and key. */
    List<Resource<?, ?>> all();
}
