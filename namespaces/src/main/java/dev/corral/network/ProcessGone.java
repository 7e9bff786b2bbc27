package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The child had ended before it could be given a network. */
public final class ProcessGone extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    ProcessGone(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
