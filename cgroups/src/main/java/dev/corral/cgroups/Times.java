package dev.corral.cgroups;

import java.time.Duration;

/** Durations of unsigned 64-bit numbers, and as texts. */
final class Times {
    private Times() {}

    static Duration micros(long count) {
        return Duration.ofSeconds(
                Long.divideUnsigned(count, 1_000_000), 1_000 * Long.remainderUnsigned(count, 1_000_000));
    }

    static Duration nanos(long count) {
        return Duration.ofSeconds(
                Long.divideUnsigned(count, 1_000_000_000), Long.remainderUnsigned(count, 1_000_000_000));
    }

    /** As {@code 2 s} or {@code 150 ms}. */
    static String text(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
}
