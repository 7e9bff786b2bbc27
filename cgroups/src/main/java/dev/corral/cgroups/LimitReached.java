package dev.corral.cgroups;

import dev.corral.internal.linux.FileNames;
import java.io.Serial;
import java.nio.file.Path;

/** A group above allows no more groups: {@code cgroup.max.descendants} or {@code cgroup.max.depth} is reached. */
public final class LimitReached extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long limit;
    private final String owner;

    LimitReached(Failure failure, long limit, Path owner, Throwable cause) {
        super(failure, cause);
        this.limit = limit;
        this.owner = FileNames.text(owner);
    }

    /** How many groups, or how many levels of them, there may be. */
    public long limit() {
        return limit;
    }

    /** The group that says so. */
    public Path owner() {
        return FileNames.path(owner);
    }
}
