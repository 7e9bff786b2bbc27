package dev.corral.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures in a row: twice as long each time up to a limit, and up to a tenth more or less, so that keys
 * that failed together don't return together.
 */
record Backoff(Duration first, Duration longest, RandomGenerator random) {
    static Backoff standard(RandomGenerator random) {
        return new Backoff(Duration.ofMillis(5), Duration.ofSeconds(30), random);
    }

    /** @param failures how many failures there were before this one; 0 or more */
    Duration after(int failures) {
        Duration delay = first;
        for (int i = 0; i < failures && delay.compareTo(longest) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return jittered(delay.compareTo(longest) < 0 ? delay : longest, random);
    }

    /** A duration up to a tenth longer or shorter. */
    static Duration jittered(Duration duration, RandomGenerator random) {
        return Duration.ofNanos(Math.round(duration.toNanos() * (0.9 + 0.2 * random.nextDouble())));
    }
}
