package dev.corral.cgroups;

import java.io.Serial;
import java.util.List;

/** A group could not be removed in time: processes are still in it. What could be removed is gone. */
public final class CgroupBusy extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long[] pids;

    CgroupBusy(Failure failure, List<Long> pids, Throwable cause) {
        super(failure, cause);
        this.pids = pids.stream().mapToLong(Long::longValue).toArray();
    }

    /** The processes still in it, ascending; may be empty, the last one may have left just then. */
    public List<Long> pids() {
        return java.util.Arrays.stream(pids).boxed().toList();
    }
}
