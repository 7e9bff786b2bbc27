package dev.corral.reconcile.workload;

import java.time.Instant;
import java.util.Optional;

/**
 * A container that has ended is to be started again.
 *
 * @param due not before this instant
 * @param next its back-off once it is
 * @param failure whether it ended by itself or because it failed, and not only so that it begins anew
 */
record Restart(Instant due, Optional<BackOff> next, boolean failure) {
    /**
     * What follows from an end; empty if it is for good.
     *
     * @param wanted its definition now
     * @param policy its own or its pod's
     */
    static Optional<Restart> of(
            ContainerStatus old, Observation.Gone gone, Container wanted, RestartPolicy policy, Instant now) {
        Instant end = gone.end().finishedAt();
        boolean changed = !gone.definition().equals(wanted) || gone.cause().equals(Optional.of(EndCause.CHANGED));
        if (changed) {
            return Optional.of(new Restart(end, Optional.empty(), false));
        }
        if (gone.cause().filter(EndCause::isRenewal).isPresent()) {
            return Optional.of(new Restart(end, old.backOff(), false));
        }
        if (!again(gone, policy)) {
            return Optional.empty();
        }
        Instant due = old.backOff().map(backOff -> backOff.due(end)).orElse(end);
        BackOff next = old.backOff().map(backOff -> backOff.next(end, now)).orElseGet(() -> BackOff.first(now));
        return Optional.of(new Restart(due, Optional.of(next), true));
    }

    private static boolean again(Observation.Gone gone, RestartPolicy policy) {
        if (gone.end().reason().equals(ContainerState.UNKNOWN) || policy == RestartPolicy.ALWAYS) {
            return true;
        }
        boolean failed = !gone.end().succeeded()
                || gone.cause().filter(EndCause::isFailure).isPresent();
        return policy == RestartPolicy.ON_FAILURE && failed;
    }

    boolean isDue(Instant now) {
        return !now.isBefore(due);
    }
}
