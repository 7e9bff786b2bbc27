package dev.corral.cgroups;

import java.io.Serial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A version 2 group can't both hold processes and give controllers to groups below it. Source: cgroup-v2.rst, "No Internal
 * Process Constraint".
 */
public final class InternalProcesses extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long[] pids;

    InternalProcesses(Failure failure, List<Long> pids, @Nullable Throwable cause) {
        super(failure, cause);
        this.pids = pids.stream().mapToLong(Long::longValue).toArray();
    }

    /** The processes in the way, ascending; empty where it is the groups below that are. */
    public List<Long> pids() {
        return java.util.Arrays.stream(pids).boxed().toList();
    }
}
