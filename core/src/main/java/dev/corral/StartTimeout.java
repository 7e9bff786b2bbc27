package dev.corral;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The program did not get to run within the time a launch may take. */
public final class StartTimeout extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    StartTimeout(String message, @Nullable Throwable cause) {
        super(message, cause, null);
    }
}
