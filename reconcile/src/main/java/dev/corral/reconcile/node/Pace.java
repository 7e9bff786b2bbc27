package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProbeKind;
import java.time.Duration;
import java.time.Instant;

/**
 * How soon a run is asked again. Until its first success it most likely still starts, so it is asked sooner than the period says.
 * Whether it still works is asked no sooner: each failure of that counts.
 *
 * @param regular when the period has it asked next
 * @param answered whether it has succeeded once
 * @param failures how many times in a row it was asked in vain before that
 */
record Pace(Instant regular, boolean answered, int failures) {
    private static final Duration SOON = Duration.ofMillis(100);
    /** Doubled so often it is beyond an hour, and no period needs more. */
    private static final int MOST_DOUBLINGS = 16;

    /** Of a run that was never asked. */
    static Pace beginning(Instant first) {
        return new Pace(first, false, 0);
    }

    /** Whether a failure at this time counts: what is asked early can only be good news. */
    boolean counts(Instant asked, ProbeKind kind) {
        return kind != ProbeKind.STARTUP || isRegular(asked);
    }

    /** Whether what is asked at this time is not asked early. */
    boolean isRegular(Instant asked) {
        return !asked.isBefore(regular);
    }

    /**
     * The state after an answer.
     *
     * @param asked when the question was due
     */
    Pace after(boolean success, Instant asked, Probe probe, Instant now) {
        Instant next = regular;
        if (isRegular(asked)) {
            next = regular.plus(probe.period());
            next = next.isBefore(now) ? now : next;
        }
        return new Pace(next, answered || success, success ? 0 : failures + 1);
    }

    /** When to ask next; never before now. */
    Instant next(ProbeKind kind, Instant now) {
        Instant due = regular;
        if (kind != ProbeKind.LIVENESS && !answered && failures > 0) {
            Instant soon = now.plus(SOON.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS)));
            due = soon.isBefore(regular) ? soon : regular;
        }
        return due.isBefore(now) ? now : due;
    }
}
