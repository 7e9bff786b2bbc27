package dev.corral.namespaces;

import dev.corral.CorralException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A namespace is not, or no longer, where it was found: its process has ended or moved on, or nothing keeps it at a path. */
public final class NamespaceGone extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    NamespaceGone(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
