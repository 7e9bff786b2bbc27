package dev.corral;

import dev.corral.internal.launch.Running;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a program may run.
 *
 * @param grace from SIGTERM, once the time is up, to SIGKILL
 */
record TimeLimit(Duration limit, Duration grace) {
    TimeLimit {
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("time limit " + limit + ": it is more than nothing");
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace " + grace + ": it is not negative");
        }
    }

    /** Begins to count. */
    void watch(Running running, CompletableFuture<Exit> exited, Executor executor) {
        unlessEnded(exited, limit, executor, () -> {
            if (running.timeUp(Signal.TERM.number())) {
                unlessEnded(exited, grace, executor, () -> running.timeUp(Signal.KILL.number()));
            }
        });
    }

    /** The timer is dropped at the end, and holds nothing that long. */
    private static void unlessEnded(
            CompletableFuture<Exit> exited, Duration after, Executor executor, Runnable action) {
        CompletableFuture<Exit> unused = exited.copy()
                .orTimeout(TimeUnit.NANOSECONDS.convert(after), TimeUnit.NANOSECONDS)
                .whenComplete((exit, failed) -> {
                    if (failed instanceof TimeoutException) {
                        executor.execute(action);
                    }
                });
    }
}
