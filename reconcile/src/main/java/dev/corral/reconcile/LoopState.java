package dev.corral.reconcile;

import java.util.Optional;

/**
 * A controller or loop at one moment.
 *
 * @param name the kind of a controller, the name of a loop
 * @param synced whether it has taken in everything that was stored when it started
 * @param ready keys that wait for a worker
 * @param delayed keys that become ready later, by a wake-up, a back-off or the safety net
 * @param busy workers that have a key
 * @param overdue passes that run on although they were interrupted at their time-out
 * @param problem why it can't do its work, in a sentence; empty if it can. A pass that fails is no such problem.
 */
public record LoopState(
        String name, boolean synced, int ready, int delayed, int busy, int overdue, Optional<String> problem) {
    /** Whether it can do its work, and none of its passes is overdue. */
    public boolean healthy() {
        return problem.isEmpty() && overdue == 0;
    }
}
