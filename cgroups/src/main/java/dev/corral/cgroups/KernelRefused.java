package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The kernel refused for a reason that has no type of its own; {@link #errno()} tells which. */
public final class KernelRefused extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    KernelRefused(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
