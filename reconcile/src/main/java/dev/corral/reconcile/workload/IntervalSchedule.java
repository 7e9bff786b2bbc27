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
    @Override
    public Optional<Instant> next(Instant after, ZoneId zone) {
        return Optional.of(after.truncatedTo(ChronoUnit.SECONDS).plus(interval));
    }
}
