package dev.corral.namespaces;

import dev.corral.CorralException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The namespaces of a process can't be seen: it is gone, or belongs to somebody else. */
public final class NamespacesUnreadable extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    NamespacesUnreadable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
