package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The program that connects a child without privilege gave up; the message has what it said. */
public final class UserModeFailed extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    UserModeFailed(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
