package dev.corral;

import java.io.Serial;

/** A child of another JVM could not be held: the kernel or this JVM's limits are against it. */
public final class ChildUnreachable extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    ChildUnreachable(String message, Throwable cause) {
        super(message, cause);
    }
}
