package dev.corral.cgroups;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A value that no kernel of this page size can hold. */
public final class InvalidLimit extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1L;

    InvalidLimit(Failure failure, @Nullable Throwable cause) {
        super(failure, cause);
    }
}
