package dev.corral.reconcile.workload;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a container that keeps ending has to wait. The first restart is immediate; then it waits 10, 20, 40, 80, 160 and
 * at last 300 s from its end. It starts over when a run ends more than 600 s after the last restart.
 *
 * @param delay what the next end will have to wait
 * @param updated when the last restart was granted
 */
public record BackOff(Duration delay, Instant updated) {
    static final Duration FIRST = Duration.ofSeconds(10);
    static final Duration LONGEST = Duration.ofMinutes(5);

    /** For how long so many restarts in a row wait, after the first one, which waits for nothing. */
    static Duration sum(int restarts) {
        Duration sum = Duration.ZERO;
        Duration delay = FIRST;
        for (int i = 0; i < restarts; i++) {
            sum = sum.plus(delay);
            delay = doubled(delay);
        }
        return sum;
    }

    static Duration doubled(Duration delay) {
        Duration doubled = delay.multipliedBy(2);
        return doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }

    /** When a container that ended at an instant may start again. */
    Instant due(Instant ended) {
        return forgotten(ended) ? ended : ended.plus(delay);
    }

    /** The state after a restart was granted. */
    BackOff next(Instant ended, Instant now) {
        return forgotten(ended) ? first(now) : new BackOff(doubled(delay), now);
    }

    /** The state after the first restart was granted. */
    static BackOff first(Instant now) {
        return new BackOff(FIRST, now);
    }

    private boolean forgotten(Instant ended) {
        return ended.isAfter(updated.plus(LONGEST.multipliedBy(2)));
    }
}
