package dev.corral.reconcile;

import java.time.Duration;

/**
 * How long a key waits after failures in a row. A value: what it counts, it counts anew for each controller. To what it says
 * the engine adds or takes away up to a tenth, so that keys that failed together don't return together.
 */
public sealed interface Backoff {
    /** 5 ms after the first failure, twice as long after each further one, 30 s at most: what holds unless said otherwise. */
    static Backoff standard() {
        return exponential(Duration.ofMillis(5), Duration.ofSeconds(30));
    }

    /**
     * Twice as long after each failure.
     *
     * @param first after the first one; more than zero
     * @param longest at most; not shorter than {@code first}
     */
    static Backoff exponential(Duration first, Duration longest) {
        return new Exponential(first, longest);
    }

    /**
     * Always as long.
     *
     * @param delay zero or more
     */
    static Backoff fixed(Duration delay) {
        return new FastThenSlow(delay, 0, delay);
    }

    /**
     * Some quick tries, then slow ones.
     *
     * @param fast after each of the first failures; zero or more
     * @param tries how many are quick; 0 or more
     * @param slow after each one later; zero or more
     */
    static Backoff fastThenSlow(Duration fast, int tries, Duration slow) {
        return new FastThenSlow(fast, tries, slow);
    }

    /**
     * As much for all keys of a controller together as a bucket of tokens gives: whoever finds none waits for the next.
     *
     * @param perSecond tokens that come in each second; more than 0
     * @param burst tokens that the bucket holds; 1 or more
     */
    static Backoff bucket(double perSecond, int burst) {
        return new Bucket(perSecond, burst);
    }

    /** As long as the longer of both says. */
    default Backoff orLonger(Backoff other) {
        return new Longer(this, other);
    }

    /** But never longer than this. */
    default Backoff atMost(Duration cap) {
        return new Capped(this, cap);
    }

    /** Twice as long each time. */
    record Exponential(Duration first, Duration longest) implements Backoff {
        public Exponential {
            if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
                throw new IllegalArgumentException(
                        "an exponential back-off begins above zero and ends not below its beginning, got " + first
                                + " to " + longest);
            }
        }
    }

    /** Some quick tries, then slow ones. */
    record FastThenSlow(Duration fast, int tries, Duration slow) implements Backoff {
        public FastThenSlow {
            if (fast.isNegative() || slow.isNegative() || tries < 0) {
                throw new IllegalArgumentException(
                        "a back-off has no negative parts, got " + fast + ", " + tries + ", " + slow);
            }
        }
    }

    /** Tokens for all keys together. */
    record Bucket(double perSecond, int burst) implements Backoff {
        public Bucket {
            if (!(perSecond > 0) || burst < 1) {
                throw new IllegalArgumentException(
                        "a bucket needs tokens that come in and room for one, got " + perSecond + " and " + burst);
            }
        }
    }

    /** The longer of two. */
    record Longer(Backoff one, Backoff other) implements Backoff {}

    /** Another one with an upper limit. */
    record Capped(Backoff inner, Duration cap) implements Backoff {
        public Capped {
            if (cap.isNegative()) {
                throw new IllegalArgumentException("a cap is zero or more, got " + cap);
            }
        }
    }
}
