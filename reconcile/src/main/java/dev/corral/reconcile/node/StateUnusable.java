package dev.corral.reconcile.node;

import dev.corral.CorralException;
import java.io.Serial;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What runs can't be written down, or what was written down can't be read. */
public final class StateUnusable extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    StateUnusable(Path file, String why, @Nullable Throwable cause) {
        super("state in " + file + ": " + why, cause);
    }
}
