package dev.corral.cgroups;

import dev.corral.internal.linux.FileNames;
import java.io.Serial;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A group could not be removed in time: processes or groups are still in it. What could be removed is gone. */
public final class CgroupBusy extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long[] pids;
    private final String[] groups;

    CgroupBusy(Failure failure, List<Long> pids, List<String> groups, @Nullable Throwable cause) {
        super(failure, cause);
        this.pids = pids.stream().mapToLong(Long::longValue).toArray();
        this.groups = groups.toArray(String[]::new);
    }

    /** The processes still in it, ascending; may be empty, the last one may have left just then. */
    public List<Long> pids() {
        return Arrays.stream(pids).boxed().toList();
    }

    /** The groups that are still there, or in the way. */
    public List<Path> groups() {
        return Arrays.stream(groups).map(FileNames::path).toList();
    }
}
