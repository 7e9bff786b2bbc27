package dev.corral;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything Corral throws, wrong arguments and interruption apart. The message says what failed, on what, why
 * (the kernel's error code by name) and, where known, what to do.
 */
public abstract class CorralException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    protected CorralException(String message) {
        super(message);
    }

    protected CorralException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
