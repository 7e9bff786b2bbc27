package dev.corral;

import java.io.Serial;

/** A mount of the child's own file tree failed. */
public final class MountFailed extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    MountFailed(String message, Throwable cause, Failure failure) {
        super(message, cause, failure);
    }
}
