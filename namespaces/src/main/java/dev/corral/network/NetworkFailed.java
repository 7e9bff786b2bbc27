package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The kernel refused for a reason that the message names. */
public final class NetworkFailed extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    NetworkFailed(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
