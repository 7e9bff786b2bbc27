package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** This user may not make groups, or may not write the file; the hint says how to get the right. */
public final class NotDelegated extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    NotDelegated(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
