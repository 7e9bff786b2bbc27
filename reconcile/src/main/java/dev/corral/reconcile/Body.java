package dev.corral.reconcile;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** What a loop does, and when. */
interface Body {
    /** How the loop is called in logs, events and failures. */
    String name();

    /** What must be looked at because of a change; may run code of users, hence may throw. */
    Set<Subject> wokenBy(StoreEvent<?, ?> event);

    /** One pass; answers when to look again at the latest. */
    Optional<Duration> handle(Subject subject) throws Exception;

    /** Whether the safety net has to come back to it. */
    boolean exists(Subject subject);
}
