package dev.corral.reconcile.testing;

import dev.corral.CorralException;
import java.io.Serial;

/** What a store behind a network throws. */
final class StoreFailure extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    StoreFailure(String message) {
        super(message);
    }

    /** Where it was thrown is known, and it is thrown often. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
