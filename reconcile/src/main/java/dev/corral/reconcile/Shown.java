package dev.corral.reconcile;

import dev.corral.internal.records.Components;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The conditions by which the engine shows on a resource that it can't do what its controller wants. Only for kinds whose status
 * is a record with one component of type {@link Conditions}; for others events and failures say it.
 */
final class Shown {
    /** False while the last plan could not be made or carried out, with the reason; absent otherwise. */
    static final String RECONCILED = "Reconciled";
    /** False while the cleanup fails, with the reason; absent otherwise. */
    static final String DELETING = "Deleting";

    private final boolean possible;

    Shown(Kind<?, ?> kind) {
        this.possible = Components.of(kind.statusClass()).stream()
                        .map(RecordComponent::getType)
                        .filter(Conditions.class::equals)
                        .count()
                == 1;
    }

    /** The conditions of a status; none if it has no place for them. */
    static Conditions conditions(Object status) {
        return Components.of(status.getClass()).stream()
                .filter(component -> component.getType() == Conditions.class)
                .map(component -> (Conditions) Components.read(component, status))
                .findFirst()
                .orElseGet(Conditions::none);
    }

    /** The status of a resource with what went wrong; empty if the kind has no place for it. */
    <T> Optional<T> failed(Resource<?, T> resource, String reason, String message, Instant now) {
        Metadata metadata = resource.metadata();
        Condition condition = new Condition(
                metadata.terminating() ? DELETING : RECONCILED,
                Condition.Status.FALSE,
                reason,
                message,
                metadata.generation(),
                now);
        return change(resource.status(), conditions -> conditions.with(condition));
    }

    /** A status without what went wrong before. */
    <T> T well(T status) {
        return change(status, conditions -> cleared(cleared(conditions, RECONCILED), DELETING))
                .orElse(status);
    }

    private static Conditions cleared(Conditions conditions, String type) {
        return conditions
                        .get(type)
                        .filter(condition -> condition.status() == Condition.Status.FALSE)
                        .isPresent()
                ? conditions.without(type)
                : conditions;
    }

    private <T> Optional<T> change(T status, UnaryOperator<Conditions> change) {
        return possible ? Records.with(status, Conditions.class, change) : Optional.empty();
    }
}
