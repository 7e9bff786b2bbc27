package dev.corral.network;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The child had ended before it could be given a network. */
public final class ChildGone extends NetworkException {
    @Serial
    private static final long serialVersionUID = 1L;

    ChildGone(String message, String errnoName, @Nullable Throwable cause) {
        super(message, errnoName, cause);
    }
}
