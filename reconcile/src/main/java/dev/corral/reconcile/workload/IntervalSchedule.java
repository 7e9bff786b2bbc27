package dev.corral.reconcile.workload;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Due after each interval, whatever the clocks say.
 *
 * @param interval whole seconds, 1 or more
 */
record IntervalSchedule(Duration interval) implements Schedule {
    /** Whether it may be due more than once in a minute. */
    boolean isWithinMinutes() {
        return interval.compareTo(Duration.ofMinutes(1)) < 0;
    }

    @Override
    public Optional<Instant> next(Instant after, ZoneId zone) {
        return Optional.of(after.truncatedTo(ChronoUnit.SECONDS).plus(interval));
    }
}
