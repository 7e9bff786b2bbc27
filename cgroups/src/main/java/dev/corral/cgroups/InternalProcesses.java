package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A version 2 group holds processes, so it can't give controllers to groups below it. */
public final class InternalProcesses extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    InternalProcesses(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
