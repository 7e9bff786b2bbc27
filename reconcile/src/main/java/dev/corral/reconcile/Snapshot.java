package dev.corral.reconcile;

import java.util.List;
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

    /** All resources of a kind that a selector matches. Cheap where it names the value of a label. */
    <S, T> List<Resource<S, T>> list(Kind<S, T> kind, LabelSelector selector);

    /** All resources of a kind in one namespace that a selector matches. Cheap where it names the value of a label. */
    <S, T> List<Resource<S, T>> list(Kind<S, T> kind, String namespace, LabelSelector selector);

    /**
     * The resources of a kind for which an {@linkplain Kind#index index} gives a value. Cheap.
     *
     * @throws IllegalArgumentException if the kind has no index of that name
     */
    <S, T> List<Resource<S, T>> find(Kind<S, T> kind, String index, String value);

    /** The resources of a kind that the resource of this uid controls. */
    <S, T> List<Resource<S, T>> children(Kind<S, T> kind, String ownerUid);

    /** The resources of any kind that the resource of this uid controls, ordered by kind and key. */
    List<Resource<?, ?>> children(String ownerUid);

    /** The resources of any kind that belong to the resource of this uid, whether it controls them or not. */
    List<Resource<?, ?>> dependents(String ownerUid);

    /** The resource that controls another one; empty if nothing does, or if it is gone. */
    Optional<Resource<?, ?>> owner(Resource<?, ?> child);

    /** One of the resources that another one belongs to; empty if it is gone. */
    Optional<Resource<?, ?>> owner(Resource<?, ?> child, OwnerReference reference);

    /** Everything, ordered by kind and key. */
    List<Resource<?, ?>> all();
}
