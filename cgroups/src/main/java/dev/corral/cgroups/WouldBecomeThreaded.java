package dev.corral.cgroups;

import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version 2 group holds processes, and handing cpu, cpuset, pids or perf_event to groups below it would silently make it
 * "domain threaded". Nothing has changed. Source: cgroup-v2.rst, "Threads".
 */
public final class WouldBecomeThreaded extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long[] pids;

    WouldBecomeThreaded(Failure failure, List<Long> pids, @Nullable Throwable cause) {
        super(failure, cause);
        this.pids = pids.stream().mapToLong(Long::longValue).toArray();
    }

    /** The processes in it, ascending. */
    public List<Long> pids() {
        return java.util.Arrays.stream(pids).boxed().toList();
    }
}
