package dev.corral;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The launcher and this JVM did not understand each other: a defect, or a launcher of another version. */
public final class ProtocolError extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    ProtocolError(String message, Throwable cause, @Nullable Failure failure) {
        super(message, cause, failure);
    }
}
