package dev.corral;

import java.io.Serial;

/** Ids, capabilities, limits, scheduling, a seccomp filter or Landlock rules could not be set as asked for. */
public final class PrivilegeFailed extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    PrivilegeFailed(String message, Throwable cause, Failure failure) {
        super(message, cause, failure);
    }
}
