package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The process, or the thread, has ended; what is left of it can't be moved. */
public final class ProcessGone extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final long pid;

    ProcessGone(Failure failure, long pid, @Nullable Throwable cause) {
        super(failure, cause);
        this.pid = pid;
    }

    /** The pid that the process had. */
    public long pid() {
        return pid;
    }
}
