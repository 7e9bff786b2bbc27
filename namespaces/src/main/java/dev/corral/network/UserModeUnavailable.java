package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No program that connects a child without privilege is installed, or none may be used here. */
public final class UserModeUnavailable extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    UserModeUnavailable(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
