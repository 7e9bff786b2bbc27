package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;

/** Another clock's time, from a moment on so many times as fast. */
final class FasterClock implements Clock {
    private final Clock clock;
    private final int factor;
    private final Instant begun;

    FasterClock(Clock clock, int factor) {
        if (factor < 1) {
            throw new IllegalArgumentException("a clock goes 1 time as fast or more, got " + factor);
        }
        this.clock = clock;
        this.factor = factor;
        this.begun = clock.now();
    }

    @Override
    public Instant now() {
        return begun.plus(Duration.between(begun, clock.now()).multipliedBy(factor));
    }

    /** Rounded up, so that it is never too early. */
    @Override
    public Timer at(Instant time, Runnable task) {
        return clock.at(
                begun.plus(Duration.between(begun, time).dividedBy(factor)).plusNanos(1), task);
    }

    @Override
    public void rest() {
        clock.rest();
    }
}
