package dev.corral.reconcile.testing;

import dev.corral.reconcile.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A clock that stands still until it is advanced. Tasks run on the thread that advances it, each at its own time, those of one
 * time in the order in which they were added. Any thread may use it.
 */
public final class ManualClock implements Clock {
    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Task> waiting =
            new PriorityQueue<>(Comparator.comparing(Task::time).thenComparingLong(Task::number));
    private long added;
    private Instant now;

    private record Task(Instant time, long number, Runnable body) {}

    private ManualClock(Instant now) {
        this.now = now;
    }

    /** A clock that shows this time. */
    public static ManualClock startingAt(Instant now) {
        return new ManualClock(now);
    }

    @Override
    public Instant now() {
        lock.lock();
        try {
            return now;
        } finally {
            lock.unlock();
        }
    }

    /** Runs a task when the clock is advanced to its time; if that has passed, at the next advance, of zero too. */
    @Override
    public Timer at(Instant time, Runnable body) {
        lock.lock();
        try {
            Task task = new Task(time, added++, body);
            waiting.add(task);
            return () -> cancel(task);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves the time, stopping at each task that becomes due, tasks added on the way included.
     *
     * @param step zero or more
     */
    public void advance(Duration step) {
        if (step.isNegative()) {
            throw new IllegalArgumentException("time goes forward only, got " + step);
        }
        Instant target = now().plus(step);
        for (Optional<Runnable> due = next(target); due.isPresent(); due = next(target)) {
            due.get().run();
        }
    }

    /** The time of the earliest task; empty if none waits. */
    public Optional<Instant> next() {
        lock.lock();
        try {
            return Optional.ofNullable(waiting.peek()).map(Task::time);
        } finally {
            lock.unlock();
        }
    }

    /** The next task up to a time, with the clock moved to it; empty, with the clock moved there, if there is none. */
    private Optional<Runnable> next(Instant target) {
        lock.lock();
        try {
            Task first = waiting.peek();
            boolean due = first != null && !first.time().isAfter(target);
            Instant moved = due && first != null ? first.time() : target;
            now = moved.isAfter(now) ? moved : now;
            if (due) {
                waiting.poll();
            }
            return due && first != null ? Optional.of(first.body()) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void cancel(Task task) {
        lock.lock();
        try {
            waiting.remove(task);
        } finally {
            lock.unlock();
        }
    }
}
