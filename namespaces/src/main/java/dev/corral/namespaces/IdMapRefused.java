package dev.corral.namespaces;

import dev.corral.CorralException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** An id map can't be had by whoever runs this JVM; the message says what is missing and where to add it. */
public final class IdMapRefused extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    IdMapRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
