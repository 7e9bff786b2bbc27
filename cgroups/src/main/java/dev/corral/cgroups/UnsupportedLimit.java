package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The controller is there, and this kernel does not know the file or the value. */
public final class UnsupportedLimit extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    UnsupportedLimit(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
