package dev.corral.reconcile;

import java.util.Map;
import java.util.Set;

/**
 * What somebody wants to exist: handed to {@code apply} by a user and to a {@link Plan} by a reconciler. An immutable value.
 * Workload kinds implement it by values of their own; {@link #of} serves all others.
 *
 * @param <S> the spec's type
 * @param <T> the status's type
 */
public interface Declared<S, T> {
    Kind<S, T> kind();

    /** The name within the namespace; for a child it must follow from owner and position alone, never from chance or time. */
    String name();

    S spec();

    default Map<String, String> labels() {
        return Map.of();
    }

    default Map<String, String> annotations() {
        return Map.of();
    }

    /**
     * The same, but for a plan: created if nothing has its name, otherwise left as it is, and belonging to nobody, so that it
     * outlives the owner of the plan. A child of the owner is released.
     */
    default Declared<S, T> outlivingItsOwner() {
        return new Belonging<>(this, false);
    }

    /**
     * The same, but for a plan: created if nothing has its name, otherwise left as it is, and belonging to the owner of the plan.
     * What belongs to nobody is adopted.
     */
    default Declared<S, T> adoptedIfThere() {
        return new Belonging<>(this, true);
    }

    /** Who has to agree before it goes, by name, from its creation on; see {@link Metadata#finalizers}. Applying it again adds none. */
    default Set<String> finalizers() {
        return Set.of();
    }

    /** A resource of any kind, without labels. */
    static <S, T> Declared<S, T> of(Kind<S, T> kind, String name, S spec) {
        return of(kind, name, Map.of(), spec);
    }

    static <S, T> Declared<S, T> of(Kind<S, T> kind, String name, Map<String, String> labels, S spec) {
        return new Declaration<>(kind, name, spec, Map.copyOf(labels), Map.of());
    }
}
