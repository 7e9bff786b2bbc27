package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The system's time. Delays are measured on the monotonic clock, so a step of the wall clock moves no timer; whoever is woken
 * compares again.
 */
final class SystemClock implements Clock {
    private static final long LONGEST_REST_MILLIS = 1000;

    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicReference<@Nullable Thread> newest = new AtomicReference<>();
    private ScheduledThreadPoolExecutor timers = idle();

    private ScheduledThreadPoolExecutor idle() {
        ScheduledThreadPoolExecutor service = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "corral-clock");
            thread.setDaemon(true);
            newest.set(thread);
            return thread;
        });
        service.setRemoveOnCancelPolicy(true);
        service.setKeepAliveTime(1, TimeUnit.SECONDS);
        service.allowCoreThreadTimeOut(true);
        return service;
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public Timer at(Instant time, Runnable task) {
        Duration delay = Duration.between(now(), time);
        lock.lock();
        try {
            ScheduledFuture<?> waiting = timers.schedule(task, nanos(delay), TimeUnit.NANOSECONDS);
            return () -> waiting.cancel(false);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void rest() {
        Thread last;
        lock.lock();
        try {
            if (!timers.getQueue().isEmpty()) {
                return;
            }
            timers.shutdown();
            last = newest.getAndSet(null);
            timers = idle();
        } finally {
            lock.unlock();
        }
        if (last != null && last != Thread.currentThread()) {
            join(last);
        }
    }

    /** An interrupt is kept but does not end the wait: at most one short task is under way. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_REST_MILLIS);
        while (thread.isAlive() && System.nanoTime() < end) {
            try {
                thread.join(LONGEST_REST_MILLIS);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
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
