package dev.corral.reconcile.workload;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When something is due again and again. Immutable. Source: Kubernetes, "CronJob schedule syntax".
 *
 * <p>Five fields: minute (0 to 59), hour (0 to 23), day of month (1 to 31), month (1 to 12 or {@code jan} to {@code dec}), day of
 * week (0 to 6, Sunday is 0, or {@code sun} to {@code sat}). Each is a list of {@code *}, {@code ?}, {@code a}, {@code a-b}, and
 * those with a step: {@code *}{@code /n}, {@code a-b/n}, {@code a/n} (from a to the end). Where either of the two day fields is
 * a star, both must match; otherwise one of them is enough. Or one of {@code @yearly}, {@code @annually}, {@code @monthly},
 * {@code @weekly}, {@code @daily}, {@code @midnight}, {@code @hourly}, or {@code @every} and a duration such as {@code 1h30m}.
 */
public sealed interface Schedule permits WallClockSchedule, IntervalSchedule {
    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is none, with the part that is wrong and what is allowed there
     */
    static Schedule parse(String expression) {
        return ScheduleParser.parse(expression);
    }

    /**
     * The first time after an instant, at a full second. A time of day that a zone leaves out, where its clocks go forward, does
     * not come; one that it has twice, where they go back, comes twice.
     *
     * @return empty if there is none up to the end of the fifth year after
     */
    Optional<Instant> next(Instant after, ZoneId zone);
}
