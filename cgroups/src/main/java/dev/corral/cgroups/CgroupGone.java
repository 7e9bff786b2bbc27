package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The group was removed, or another group has taken its name. */
public final class CgroupGone extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    CgroupGone(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
