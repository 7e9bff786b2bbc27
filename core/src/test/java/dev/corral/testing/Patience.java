package dev.corral.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long is waited for what is to come: much longer than it takes on a slow and busy machine, and not for ever. */
public final class Patience {
    private static final Duration LONG = Duration.ofSeconds(30);

    private Patience() {}

    /** Awaitility's, whose own ten seconds one start has taken half of. */
    public static ConditionFactory await() {
        return Awaitility.await().atMost(LONG);
    }
}
