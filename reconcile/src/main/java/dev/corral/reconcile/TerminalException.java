package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;

/**
 * Thrown by a reconciler, a cleanup, a loop or an effect when trying again won't help: nothing is done until the resource changes
 * or the safety net passes.
 */
public class TerminalException extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    public TerminalException(String message) {
        super(message);
    }

    public TerminalException(String message, Throwable cause) {
        super(message, cause);
    }
}
