package dev.corral.namespaces;

import dev.corral.CorralException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The kernel refused to do something with a namespace, for lack of privilege as a rule. */
public final class NamespaceRefused extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    NamespaceRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
