package dev.corral;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The thread was interrupted while it waited for the launch; its interrupt flag is set. */
public final class LaunchCancelled extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    LaunchCancelled(String message, @Nullable Throwable cause) {
        super(message, cause, null);
    }
}
