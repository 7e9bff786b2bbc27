package dev.corral;

import java.io.Serial;

/** The kernel refused a new procfs. */
public final class ProcMountDenied extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    ProcMountDenied(String message, Throwable cause, Failure failure) {
        super(message, cause, failure);
    }
}
