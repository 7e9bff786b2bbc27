package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;

/** A write ended in a conflict, or found nothing to write to, and the caller had no other answer to that. */
public final class WriteRefused extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    WriteRefused(String message) {
        super(message);
    }
}
