package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The host can't listen at an address: somebody else does, or this user may not. */
public final class PortUnavailable extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    PortUnavailable(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
