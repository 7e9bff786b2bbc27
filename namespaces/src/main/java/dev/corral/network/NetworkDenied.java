package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** This JVM may not change networks: it takes CAP_NET_ADMIN and CAP_SYS_ADMIN. {@link Network#userMode()} needs neither. */
public final class NetworkDenied extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    NetworkDenied(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
