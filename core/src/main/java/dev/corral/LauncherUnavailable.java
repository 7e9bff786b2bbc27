package dev.corral;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The launcher program itself can't be started on this host. */
public final class LauncherUnavailable extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    LauncherUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause, null);
    }
}
