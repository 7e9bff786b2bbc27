package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** There is a group, or a control file, of that name already; nothing was touched. */
public final class NameTaken extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    NameTaken(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
