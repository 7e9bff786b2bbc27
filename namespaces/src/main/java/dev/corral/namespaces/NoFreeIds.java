package dev.corral.namespaces;

import dev.corral.CorralException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** No ids could be found for a user namespace of a JVM that runs as root; an {@link IdMap} of the caller's choice helps. */
public final class NoFreeIds extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    NoFreeIds(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
