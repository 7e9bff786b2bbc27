package dev.corral.reconcile;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Does something at once, and again an interval after each end. */
record Repeating(Duration interval, Function<Waker, Work> work) implements Source {
    Repeating {
        if (interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("an interval is more than zero, got " + interval);
        }
    }

    @Override
    public Subscription open(Waker waker) {
        AtomicBoolean closed = new AtomicBoolean();
        AtomicReference<Clock.@Nullable Timer> timer = new AtomicReference<>();
        Work body = work.apply(waker);
        round(waker, body, closed, timer);
        return () -> {
            closed.set(true);
            Clock.Timer next = timer.getAndSet(null);
            if (next != null) {
                next.cancel();
            }
        };
    }

    private void round(Waker waker, Work body, AtomicBoolean closed, AtomicReference<Clock.@Nullable Timer> timer) {
        waker.execute("source", () -> {
            if (closed.get()) {
                return;
            }
            try {
                body.run();
            } finally {
                Clock.Timer next = waker.clock()
                        .at(
                                waker.clock().now().plus(interval),
                                new Task("source", () -> round(waker, body, closed, timer)));
                timer.set(next);
                if (closed.get()) {
                    next.cancel();
                }
            }
        });
    }
}
