package dev.corral.reconcile;

import java.time.Instant;

/**
 * One aspect of a resource as its controller sees it. Source: {@code metav1.Condition}.
 *
 * @param type the aspect, one word in camel case, as in {@code Available}
 * @param status whether it holds
 * @param reason why, one word in camel case, for programs
 * @param message why, a sentence, for people; may be empty
 * @param observedGeneration the generation of the spec that it was decided for
 * @param lastTransition when the status last changed
 */
public record Condition(
        String type, Status status, String reason, String message, long observedGeneration, Instant lastTransition) {
    /** Whether it holds. */
    public enum Status {
        TRUE,
        FALSE,
        UNKNOWN;

        public static Status of(boolean holds) {
            return holds ? TRUE : FALSE;
        }
    }

    public Condition {
        if (type.isBlank()) {
            throw new IllegalArgumentException("a condition needs a type");
        }
    }

    /** This one said again of what an older one was said: the time of the transition stays where the status is the same. */
    Condition after(Condition old) {
        return old.status == status
                ? new Condition(type, status, reason, message, observedGeneration, old.lastTransition)
                : this;
    }

    /** Whether it is known to hold. */
    public boolean holds() {
        return status == Status.TRUE;
    }
}
