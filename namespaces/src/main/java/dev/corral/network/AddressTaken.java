package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** An address, or all of a network, is in use; another address or a larger network helps. */
public final class AddressTaken extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    AddressTaken(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
