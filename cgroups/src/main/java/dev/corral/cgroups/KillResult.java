package dev.corral.cgroups;

import java.util.List;

/**
 * What was left after a group was killed.
 *
 * @param survivors those still there when the time was up, by ascending pid; empty as a rule
 */
public record KillResult(List<Survivor> survivors) {
    public KillResult {
        survivors = List.copyOf(survivors);
    }

    /** Whether nothing is left. */
    public boolean ok() {
        return survivors.isEmpty();
    }
}
