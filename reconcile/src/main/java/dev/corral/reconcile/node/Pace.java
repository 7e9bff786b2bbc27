package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.Probe;
import java.time.Duration;
import java.time.Instant;

/**
 * How soon a run is asked again. Until its first success it most likely still starts, so it is asked sooner than the period says.
 *
 * @param answered whether it has succeeded once
 * @param failures how many times in a row it was asked in vain before that
 */
record Pace(boolean answered, int failures) {
    private static final Duration SOON = Duration.ofMillis(100);
    /** Doubled so often it is beyond an hour, and no period needs more. */
    private static final int MOST_DOUBLINGS = 16;

    /** Of a run that was never asked. */
    static Pace fresh() {
        return new Pace(false, 0);
    }

    Pace after(boolean success) {
        return new Pace(answered || success, success ? 0 : failures + 1);
    }

    /**
     * When to ask next; never before now.
     *
     * @param asked when the last question was due
     */
    Instant next(Probe probe, Instant asked, Instant now) {
        Instant regular = asked.plus(probe.period());
        Instant due = regular;
        if (!answered && failures > 0) {
            Instant soon = now.plus(SOON.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS)));
            due = soon.isBefore(regular) ? soon : regular;
        }
        return due.isBefore(now) ? now : due;
    }
}
