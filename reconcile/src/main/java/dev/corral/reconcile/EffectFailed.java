package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;

/** An effect that a plan has declared threw; it is repeated after a back-off. */
public final class EffectFailed extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    EffectFailed(String key, Throwable cause) {
        super("effect '" + key + "': " + cause, cause);
    }
}
