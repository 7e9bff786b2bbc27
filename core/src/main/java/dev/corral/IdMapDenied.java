package dev.corral;

import java.io.Serial;

/** The user or group ids of the new user namespace could not be mapped. */
public final class IdMapDenied extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    IdMapDenied(String message, Throwable cause, Failure failure) {
        super(message, cause, failure);
    }
}
