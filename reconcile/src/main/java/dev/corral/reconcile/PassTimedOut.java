package dev.corral.reconcile;

import dev.corral.CorralException;
import java.io.Serial;
import java.time.Duration;

/** A pass took longer than its time-out, was interrupted, and its plan was dropped; it is repeated after a back-off. */
public final class PassTimedOut extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    PassTimedOut(Subject subject, Duration timeout) {
        super("the pass for " + subject + " took longer than its time-out of " + timeout
                + " and was interrupted: a reconciler doesn't wait, it asks for another pass by wakeAfter, or has the work done"
                + " as an effect");
    }
}
