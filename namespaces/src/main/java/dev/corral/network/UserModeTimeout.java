package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The program that connects a child without privilege was not ready in time, and was ended. */
public final class UserModeTimeout extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    UserModeTimeout(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
