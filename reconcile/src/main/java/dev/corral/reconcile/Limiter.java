package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;

/** A back-off at work, with what it has to remember. Guarded by its queue's lock. */
@FunctionalInterface
interface Limiter {
    /**
     * How long a key waits now.
     *
     * @param failures how many failures in a row it had before this one; 0 or more
     */
    Duration delay(int failures);

    static Limiter of(Backoff backoff, Clock clock) {
        if (backoff instanceof Backoff.Exponential exponential) {
            return failures -> doubled(exponential, failures);
        } else if (backoff instanceof Backoff.FastThenSlow steps) {
            return failures -> failures < steps.tries() ? steps.fast() : steps.slow();
        } else if (backoff instanceof Backoff.Bucket bucket) {
            return new Tokens(bucket, clock);
        } else if (backoff instanceof Backoff.Longer both) {
            Limiter one = of(both.one(), clock);
            Limiter other = of(both.other(), clock);
            return failures -> longer(one.delay(failures), other.delay(failures));
        } else if (backoff instanceof Backoff.Capped capped) {
            Limiter inner = of(capped.inner(), clock);
            return failures -> shorter(inner.delay(failures), capped.cap());
        }
        throw new AssertionError("not a back-off: " + backoff);
    }

    static Duration doubled(Backoff.Exponential backoff, int failures) {
        Duration delay = backoff.first();
        for (int i = 0; i < failures && delay.compareTo(backoff.longest()) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return shorter(delay, backoff.longest());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Counts in debt: a token that isn't there yet is lent, and whoever takes it waits until it would have come. */
    final class Tokens implements Limiter {
        private final Backoff.Bucket bucket;
        private final Clock clock;
        private double tokens;
        private Instant filled;

        Tokens(Backoff.Bucket bucket, Clock clock) {
            this.bucket = bucket;
            this.clock = clock;
            this.tokens = bucket.burst();
            this.filled = clock.now();
        }

        @Override
        public Duration delay(int failures) {
            Instant now = clock.now();
            if (now.isAfter(filled)) {
                double come = Duration.between(filled, now).toNanos() / 1e9 * bucket.perSecond();
                tokens = Math.min(bucket.burst(), tokens + come);
                filled = now;
            }
            tokens -= 1;
            return tokens >= 0 ? Duration.ZERO : Duration.ofNanos(Math.round(-tokens / bucket.perSecond() * 1e9));
        }
    }
}
