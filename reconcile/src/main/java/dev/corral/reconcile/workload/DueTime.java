package dev.corral.reconcile.workload;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The last time at which something was due, of all that have passed since it was looked after.
 *
 * @param latest empty if none has passed
 * @param missed about how many have passed, from the distance of the first two
 * @param never whether none has passed because none ever will
 */
record DueTime(Optional<Instant> latest, long missed, boolean never) {
    static DueTime of(Schedule schedule, ZoneId zone, Instant earliest, Instant now) {
        Optional<Instant> first = schedule.next(earliest, zone);
        if (first.isEmpty()) {
            return new DueTime(Optional.empty(), 0, true);
        }
        if (now.isBefore(first.get())) {
            return new DueTime(Optional.empty(), 0, false);
        }
        Optional<Instant> second = schedule.next(first.get(), zone);
        if (second.filter(due -> !now.isBefore(due)).isEmpty()) {
            return new DueTime(first, 1, false);
        }
        Duration step = Duration.between(first.get(), second.get());
        long missed = Duration.between(first.get(), now).dividedBy(step) + 1;
        return new DueTime(Optional.of(last(schedule, zone, first.get(), step, now)), missed, false);
    }

    /** Looked for in the last steps before now, in twice as many while there is none: times need not be regular. */
    private static Instant last(Schedule schedule, ZoneId zone, Instant first, Duration step, Instant now) {
        Instant found = first;
        for (Duration back = step.multipliedBy(2); ; back = back.multipliedBy(2)) {
            boolean all = Duration.between(first, now).compareTo(back) <= 0;
            // A regular schedule needs a start in its own rhythm.
            long steps = Duration.between(first, now.minus(back)).dividedBy(step);
            Instant from = all ? first : first.plus(step.multipliedBy(Math.max(0, steps)));
            for (Optional<Instant> due = schedule.next(from, zone);
                    due.filter(time -> !time.isAfter(now)).isPresent();
                    due = schedule.next(due.get(), zone)) {
                found = due.get();
            }
            if (all || found.isAfter(first)) {
                return found;
            }
        }
    }
}
