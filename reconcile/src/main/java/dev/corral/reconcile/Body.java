package dev.corral.reconcile;

import java.util.Optional;
import java.util.Set;

/** What a loop does, and when. */
interface Body {
    /** How the loop is called in logs, events and failures. */
    String name();

    /** The kind of its keys; empty if they are of any kind. */
    Optional<Kind<?, ?>> kind();

    /** What must be looked at because of a change, its relations apart. */
    Set<Subject> wokenBy(StoreEvent<?, ?> event);

    /** Whether a change comes from a pass for this very key, and so is no news to it. */
    default boolean own(StoreEvent<?, ?> event, Subject subject) {
        return false;
    }

    /** A key is queued because of what somebody else has done. */
    default void woken(Subject subject) {}

    /** What events and failures of a key are about. */
    default Subject about(Subject subject) {
        return subject;
    }

    /** One pass; what it throws becomes an outcome. */
    Outcome handle(Subject subject, Round round) throws Exception;

    /** Shows a pass that failed to whoever looks at the resource. */
    default void show(Subject subject, Outcome outcome, Round round) {}

    /** Whether the safety net has to come back to it. */
    boolean exists(Subject subject);

    /**
     * What belongs to one pass.
     *
     * @param id its name in logs and events
     * @param guard runs the user's code within the pass's time
     */
    record Round(String id, Attempt attempt, Guard guard) {}
}
