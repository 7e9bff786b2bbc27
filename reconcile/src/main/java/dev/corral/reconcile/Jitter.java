package dev.corral.reconcile;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Spreads what would happen at once. */
record Jitter(RandomGenerator random) {
    /** A duration up to a tenth longer or shorter. */
    Duration spread(Duration duration) {
        return duration.isZero()
                ? duration
                : Duration.ofNanos(Math.round(duration.toNanos() * (0.9 + 0.2 * random.nextDouble())));
    }
}
