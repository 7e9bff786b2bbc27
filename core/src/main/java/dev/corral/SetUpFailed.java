package dev.corral;

import java.io.Serial;

/** A step failed that a caller can't do much about; the message says which, and why. */
public final class SetUpFailed extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    SetUpFailed(String message, Throwable cause, Failure failure) {
        super(message, cause, failure);
    }
}
