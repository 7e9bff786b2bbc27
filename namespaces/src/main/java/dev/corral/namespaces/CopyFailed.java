package dev.corral.namespaces;

import dev.corral.CorralException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A copy into or out of a child broke off; what was copied before is there. */
public final class CopyFailed extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    CopyFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
