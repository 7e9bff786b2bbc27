package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.Optional;

/** The pids controller, whose files are the same on both versions. Source: cgroup-v2.rst, "PID". */
record Pids(GroupDirectory group) {
    static final String MAX = "pids.max";

    /**
     * Sets the limit.
     *
     * @param payload how many the payload may have
     * @param own how many of Corral's own come on top
     */
    Applied.Entry limit(int payload, int own) {
        group.write(MAX, Integer.toString(Math.min(payload + own, Limits.MAX_PIDS)));
        String note = own == 0 ? "" : payload + " for the payload and " + own + " for Corral's own processes";
        return new Applied.Entry(
                "pids",
                Integer.toString(payload),
                Optional.of(group.path().resolve(MAX).toString()),
                group.text(MAX).map(String::strip),
                note);
    }
}
