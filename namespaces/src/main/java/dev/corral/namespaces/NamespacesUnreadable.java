package dev.corral.namespaces;

import dev.corral.CorralException;
import java.io.Serial;

/** The namespaces of a process can't be seen: it is gone, or belongs to somebody else. */
public final class NamespacesUnreadable extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    NamespacesUnreadable(String message, Throwable cause) {
        super(message, cause);
    }
}
