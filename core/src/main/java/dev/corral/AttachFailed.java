package dev.corral;

import java.io.Serial;

/** Something the JVM was to do about a child before its program begins, such as to connect its network, has failed. */
public final class AttachFailed extends LaunchException {
    @Serial
    private static final long serialVersionUID = 1L;

    AttachFailed(String message, Throwable cause) {
        super(message, cause, null);
    }
}
