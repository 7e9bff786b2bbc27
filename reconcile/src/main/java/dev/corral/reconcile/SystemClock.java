package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The system's time. Delays are measured on the monotonic clock, so a step of the wall clock moves no timer; whoever is woken
 * compares again.
 */
final class SystemClock implements Clock {
    private final ScheduledThreadPoolExecutor timers;

    SystemClock() {
        timers = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "corral-clock");
            thread.setDaemon(true);
            return thread;
        });
        timers.setRemoveOnCancelPolicy(true);
        timers.setKeepAliveTime(1, TimeUnit.SECONDS);
        timers.allowCoreThreadTimeOut(true);
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Timer at(Instant time, Runnable task) {
        Duration delay = Duration.between(now(), time);
        ScheduledFuture<?> waiting = timers.schedule(task, nanos(delay), TimeUnit.NANOSECONDS);
        return () -> waiting.cancel(false);
    }

    /** Zero to a century: beyond, a long has no room for nanoseconds. */
    private static long nanos(Duration delay) {
        Duration century = Duration.ofDays(36_500);
        if (delay.isNegative()) {
            return 0;
        }
        return delay.compareTo(century) < 0 ? delay.toNanos() : century.toNanos();
    }
}
