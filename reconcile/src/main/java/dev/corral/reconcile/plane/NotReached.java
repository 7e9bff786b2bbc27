package dev.corral.reconcile.plane;

import dev.corral.CorralException;
import java.io.Serial;
import java.time.Duration;

/** The time was up before a resource was in the condition that {@link ControlPlane#require} was to see it in. */
public final class NotReached extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    private NotReached(String message) {
        super(message);
    }

    static NotReached absent(String title, Duration timeout) {
        return new NotReached("there is no " + title + " after " + shown(timeout) + ": nobody has applied or made it");
    }

    static NotReached of(String title, Duration timeout, String why) {
        return new NotReached(title + " is not as required after " + shown(timeout) + ": " + why
                + "; describe() has all that is known of it");
    }

    private static String shown(Duration timeout) {
        return timeout.toSeconds() > 0 ? Ages.of(timeout) : timeout.toMillis() + "ms";
    }
}
