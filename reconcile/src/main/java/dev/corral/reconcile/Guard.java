package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Runs the user's part of one pass, and interrupts it when its time is up. */
final class Guard {
    private final Clock clock;
    private final Subject subject;
    private final Optional<Duration> timeout;
    private final Runnable overdue;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Thread inside;
    private boolean interrupted;

    /** @param overdue called once when the time is up and the code still runs */
    Guard(Clock clock, Subject subject, Optional<Duration> timeout, Runnable overdue) {
        this.clock = clock;
        this.subject = subject;
        this.timeout = timeout;
        this.overdue = overdue;
    }

    /**
     * Runs it.
     *
     * @throws PassTimedOut if it took too long, whatever came of it
     */
    <R> R call(Callable<R> body) throws Exception {
        if (timeout.isEmpty()) {
            return body.call();
        }
        Instant deadline = clock.now().plus(timeout.get());
        enter();
        Clock.Timer timer = clock.at(deadline, new Task("time-out of " + subject, this::interrupt));
        try {
            R result = body.call();
            if (leave() || clock.now().isAfter(deadline)) {
                throw new PassTimedOut(subject, timeout.get());
            }
            return result;
        } catch (Throwable thrown) {
            if (leave() && !(thrown instanceof PassTimedOut)) {
                PassTimedOut late = new PassTimedOut(subject, timeout.get());
                late.addSuppressed(thrown);
                throw late;
            }
            throw thrown;
        } finally {
            timer.cancel();
        }
    }

    private void enter() {
        lock.lock();
        try {
            inside = Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /** Answers whether the time-out has struck; the interrupt ends with the code that it was meant for. */
    private boolean leave() {
        lock.lock();
        try {
            inside = null;
            boolean struck = interrupted;
            if (struck) {
                Thread.interrupted();
            }
            return struck;
        } finally {
            lock.unlock();
        }
    }

    private void interrupt() {
        lock.lock();
        try {
            if (inside == null) {
                return;
            }
            interrupted = true;
            inside.interrupt();
        } finally {
            lock.unlock();
        }
        overdue.run();
    }
}
