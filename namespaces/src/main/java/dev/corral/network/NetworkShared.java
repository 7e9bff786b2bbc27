package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The child has no network namespace of its own, so that whatever it is given would be the host's. */
public final class NetworkShared extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    NetworkShared(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
