package dev.corral.reconcile.plane;

import dev.corral.CorralException;
import java.io.Serial;

/** Something was asked of a container that does not run. */
public final class NotRunning extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    NotRunning(String message) {
        super(message);
    }
}
