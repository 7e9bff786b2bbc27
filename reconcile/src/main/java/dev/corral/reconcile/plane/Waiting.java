package dev.corral.reconcile.plane;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.WatchExpired;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Waits for something that becomes visible in a store. Whoever waits when it is closed is told so. */
final class Waiting implements AutoCloseable {
    /** What is asked of a store is asked fast. */
    private static final Duration LONGEST_QUESTION = Duration.ofSeconds(1);

    private final Store store;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    /** What those who wait wait on. */
    private final Set<Watch<?, ?>> watches = new HashSet<>();

    private volatile boolean closed;

    Waiting(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Asks now and after each change of a kind, until there is an answer.
     *
     * @return empty when the time is up
     * @throws PlaneClosed if this is closed and there is no answer
     */
    <R> Optional<R> on(Kind<?, ?> kind, Duration timeout, Supplier<Optional<R>> question) throws InterruptedException {
        Instant end = clock.now().plus(timeout);
        while (true) {
            try (Watch<?, ?> watch = fromNow(kind)) {
                enter(watch);
                try {
                    return ask(watch, end, question);
                } finally {
                    leave(watch);
                }
            } catch (WatchExpired behind) {
                // Whatever it missed, the question is asked anew.
            }
        }
    }

    /** A watch that lists nothing: the question is asked after it has begun, of all that there is. */
    private Watch<?, ?> fromNow(Kind<?, ?> kind) {
        return store.watch(kind, store.snapshot().version());
    }

    private <R> Optional<R> ask(Watch<?, ?> watch, Instant end, Supplier<Optional<R>> question)
            throws InterruptedException {
        while (true) {
            boolean last = closed;
            Optional<R> answer = question.get();
            if (answer.isPresent()) {
                return answer;
            }
            if (last) {
                throw new PlaneClosed();
            }
            Duration rest = Duration.between(clock.now(), end);
            if (rest.isNegative() || rest.isZero()) {
                return Optional.empty();
            }
            watch.await(rest);
        }
    }

    private void enter(Watch<?, ?> watch) {
        lock.lock();
        try {
            watches.add(watch);
        } finally {
            lock.unlock();
        }
    }

    private void leave(Watch<?, ?> watch) {
        lock.lock();
        try {
            watches.remove(watch);
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waits and returns when they have ended, or a question takes long. */
    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            watches.forEach(Watch::close);
            Patience.until(watches::isEmpty, LONGEST_QUESTION, left::awaitNanos);
        } finally {
            lock.unlock();
        }
    }
}
