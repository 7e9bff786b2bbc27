package dev.corral.cgroups;

import java.util.List;

/**
 * What was left after a group was killed.
 *
 * @param survivors pids still there when the time was up, ascending: processes the kernel can't end yet, and 0 for those of
 *     another pid namespace; empty as a rule
 */
public record KillResult(List<Long> survivors) {
    public KillResult {
        survivors = List.copyOf(survivors);
    }

    /** Whether nothing is left. */
    public boolean ok() {
        return survivors.isEmpty();
    }
}
