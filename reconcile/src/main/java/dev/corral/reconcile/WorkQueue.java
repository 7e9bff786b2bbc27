package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keys that wait to be handled.
 *
 * <p>A key is handed out to one worker at a time. However often it is added before that, it is handed out once; however often
 * it is added while a worker has it, it is handed out once more when that worker is done. First in, first out. No add is lost
 * before the shutdown.
 */
final class WorkQueue<K> {
    private final Clock clock;
    private final Backoff backoff;
    private final Runnable onReady;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    /** Keys to hand out, in order; each is dirty and none is processing. */
    private final Queue<K> ready = new ArrayDeque<>();
    /** Keys added and not yet handed out. */
    private final Set<K> dirty = new HashSet<>();
    /** Keys that a worker has. */
    private final Set<K> processing = new HashSet<>();
    /** Keys to add later. */
    private final Map<K, Later> waiting = new HashMap<>();

    private final Map<K, Integer> failures = new HashMap<>();
    private boolean shutDown;
    private boolean draining;

    private record Later(Instant due, Clock.Timer timer) {}

    /** @param onReady called, outside of any lock, after a key has become ready */
    WorkQueue(Clock clock, Backoff backoff, Runnable onReady) {
        this.clock = clock;
        this.backoff = backoff;
        this.onReady = onReady;
    }

    /** Has a key handed out soon. Dropped after the shutdown. */
    void add(K key) {
        boolean nowReady;
        lock.lock();
        try {
            nowReady = addLocked(key);
        } finally {
            lock.unlock();
        }
        tell(nowReady);
    }

    /** Has a key handed out after a delay at the latest; of several delays the one that ends first counts. */
    void addAfter(K key, Duration delay) {
        if (delay.isZero() || delay.isNegative()) {
            add(key);
            return;
        }
        lock.lock();
        try {
            if (!shutDown) {
                later(key, clock.now().plus(delay));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Has a key handed out after the back-off, which grows until {@link #forget}; answers how many failures it has had. */
    int addRateLimited(K key) {
        lock.lock();
        try {
            int count = failures.merge(key, 1, Integer::sum);
            addAfter(key, backoff.after(count - 1));
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Counts the key's failures from 0 again. */
    void forget(K key) {
        lock.lock();
        try {
            failures.remove(key);
        } finally {
            lock.unlock();
        }
    }

    /** Hands out the first ready key; whoever gets it must say {@link #done}. Empty if none is ready. */
    Optional<K> poll() {
        lock.lock();
        try {
            K key = ready.poll();
            if (key == null) {
                return Optional.empty();
            }
            dirty.remove(key);
            processing.add(key);
            return Optional.of(key);
        } finally {
            lock.unlock();
        }
    }

    /** Takes a key back; if it was added meanwhile it is ready again. */
    void done(K key) {
        boolean again;
        lock.lock();
        try {
            processing.remove(key);
            again = dirty.contains(key);
            if (again) {
                ready.add(key);
            }
            idle.signalAll();
        } finally {
            lock.unlock();
        }
        tell(again);
    }

    /** How many keys are ready. */
    int size() {
        lock.lock();
        try {
            return ready.size();
        } finally {
            lock.unlock();
        }
    }

    /** Drops every add from now on, delayed ones included. What is ready is still handed out. Returns at once. */
    void shutDown() {
        lock.lock();
        try {
            shutDown = true;
            draining = false;
            waiting.values().forEach(later -> later.timer().cancel());
            waiting.clear();
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Shuts down and waits until every key is handed out and done; a later {@link #shutDown} ends the wait.
     *
     * @return whether nothing is left; false when the limit was reached or the wait was ended
     */
    boolean shutDownWithDrain(Duration limit) throws InterruptedException {
        shutDown();
        Instant deadline = clock.now().plus(limit);
        lock.lockInterruptibly();
        try {
            return drained(deadline);
        } finally {
            lock.unlock();
        }
    }

    private boolean drained(Instant deadline) throws InterruptedException {
        Clock.Timer timer = clock.at(deadline, this::wakeDrain);
        try {
            draining = true;
            while (draining && busy() && clock.now().isBefore(deadline)) {
                idle.await();
            }
            return !busy();
        } finally {
            timer.cancel();
        }
    }

    private boolean busy() {
        return !ready.isEmpty() || !processing.isEmpty();
    }

    private void wakeDrain() {
        lock.lock();
        try {
            idle.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean addLocked(K key) {
        if (shutDown || !dirty.add(key) || processing.contains(key)) {
            return false;
        }
        return ready.add(key);
    }

    private void later(K key, Instant due) {
        Later before = waiting.get(key);
        if (before != null) {
            if (!due.isBefore(before.due())) {
                return;
            }
            before.timer().cancel();
        }
        waiting.put(key, new Later(due, clock.at(due, () -> isDue(key, due))));
    }

    private void isDue(K key, Instant due) {
        boolean nowReady = false;
        lock.lock();
        try {
            Later later = waiting.get(key);
            if (later != null && later.due().equals(due)) {
                waiting.remove(key);
                nowReady = addLocked(key);
            }
        } finally {
            lock.unlock();
        }
        tell(nowReady);
    }

    private void tell(boolean nowReady) {
        if (nowReady) {
            onReady.run();
        }
    }
}
