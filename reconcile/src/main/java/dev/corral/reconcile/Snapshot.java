package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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

    /**
     * The resources of a kind that are not the same as in another snapshot, in no particular order; one that was deleted and created
     * again is in it twice. Cheap where few differ and both snapshots are of one store in memory.
     *
     * @param before of an earlier version, or of a later one
     */
    default <S, T> List<Changed<S, T>> changed(Kind<S, T> kind, Snapshot before) {
        return Changed.between(before.list(kind), list(kind));
    }

    /**
     * A resource in two snapshots.
     *
     * @param before empty if it is not in the first one
     * @param after empty if it is not in the second one; there in at least one of them
     */
    record Changed<S, T>(Optional<Resource<S, T>> before, Optional<Resource<S, T>> after) {
        static <S, T> List<Changed<S, T>> between(List<Resource<S, T>> before, List<Resource<S, T>> after) {
            Map<String, Resource<S, T>> old = new LinkedHashMap<>();
            before.forEach(resource -> old.put(resource.metadata().uid(), resource));
            List<Changed<S, T>> all = new ArrayList<>();
            for (Resource<S, T> now : after) {
                Optional<Resource<S, T>> then =
                        Optional.ofNullable(old.remove(now.metadata().uid()));
                if (!then.equals(Optional.of(now))) {
                    all.add(new Changed<>(then, Optional.of(now)));
                }
            }
            old.values().forEach(gone -> all.add(new Changed<>(Optional.of(gone), Optional.empty())));
            return List.copyOf(all);
        }
    }
}
