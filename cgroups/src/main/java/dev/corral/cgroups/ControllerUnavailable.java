package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The host, or the group, does not have the controller that a limit needs. */
public final class ControllerUnavailable extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    ControllerUnavailable(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
