package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * The mark on a resource that is being deleted and stays until whoever runs it has ended it. Source:
 * {@code metadata.deletionTimestamp} and {@code deletionGracePeriodSeconds}.
 *
 * @param at when the deletion was asked for
 * @param grace how long ending it may take from then on; zero or more
 */
public record Deletion(Instant at, Duration grace) {
    public Deletion {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("a grace is zero or more, got " + grace);
        }
    }

    /** When the grace is over. */
    public Instant deadline() {
        return at.plus(grace);
    }
}
