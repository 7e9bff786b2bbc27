package dev.corral.reconcile.plane;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Makes a plane's daemon threads and knows those that live: an executor has ended a moment before its threads have. */
final class OwnThreads implements ThreadFactory {
    private final AtomicInteger number = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @Override
    public Thread newThread(Runnable task) {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = new Thread(task, "corral-plane-" + number.incrementAndGet());
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /** Waits until all but the caller's have ended, or the time is up; an interrupt is kept but does not end the wait. */
    void join(Duration limit) {
        Patience.until(() -> others().findAny().isEmpty(), limit, nanos -> {
            Optional<Thread> next = others().findAny();
            if (next.isPresent()) {
                next.get().join(1 + nanos / 1_000_000);
            }
        });
    }

    private Stream<Thread> others() {
        return threads.stream().filter(thread -> thread.isAlive() && !thread.equals(Thread.currentThread()));
    }
}
