package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Keys that wait to be handled.
 *
 * <p>A key is handed out to one worker at a time. However often it is added before that, it is handed out once; however often
 * it is added while a worker has it, it is handed out once more when that worker is done. Within a priority first in, first out;
 * waiting makes up for a low priority. No add is lost before the shutdown.
 */
final class WorkQueue<K> {
    /** 250 years in seconds. */
    private static final long FAR = 7_889_400_000L;

    private final Clock clock;
    private final Limiter limiter;
    private final Jitter jitter;
    private final Runnable onReady;
    private final BriefLock lock = new BriefLock();
    private final Condition idle = lock.newCondition();
    /** Keys to hand out; none of them is processing. */
    private final ReadyKeys<K> ready = new ReadyKeys<>();
    /** Keys that a worker has. */
    private final Set<K> processing = new HashSet<>();
    /** Keys added while a worker has them, with their priority. */
    private final Map<K, Integer> again = new HashMap<>();
    /** Keys to add later, and the one timer for the earliest of them. */
    private final WaitingKeys<K> waiting = new WaitingKeys<>();

    private Clock.@Nullable Timer timer;
    private Instant timerDue = Instant.MAX;

    private final Map<K, Integer> failures = new ConcurrentHashMap<>();
    /** How many keys are ready: each worker asks, between any two passes. */
    private volatile int size;

    private boolean shutDown;
    private boolean draining;

    /**
     * A key handed out.
     *
     * @param waited how long it was ready
     */
    record Taken<K>(K key, int priority, Duration waited) {}

    /** @param onReady called, outside of any lock, after a key has become ready */
    WorkQueue(Clock clock, Backoff backoff, Jitter jitter, Runnable onReady) {
        this.clock = clock;
        this.limiter = Limiter.of(backoff, clock);
        this.jitter = jitter;
        this.onReady = onReady;
    }

    /** Has a key handed out soon. Dropped after the shutdown. */
    void add(K key) {
        add(key, Priority.FRESH);
    }

    /** Has a key handed out soon; of several priorities the highest counts. Dropped after the shutdown. */
    void add(K key, int priority) {
        boolean nowReady;
        long now = nanos(clock.now()); // outside of the lock, which is asked for by all threads
        lock.lock();
        try {
            nowReady = addLocked(key, priority, now);
        } finally {
            lock.unlock();
        }
        tell(nowReady);
    }

    /** Has a key handed out after a delay at the latest; of several delays the one that ends first counts. */
    void addAfter(K key, Duration delay) {
        addAfter(key, delay, Priority.FRESH);
    }

    void addAfter(K key, Duration delay, int priority) {
        if (delay.isNegative() || delay.isZero()) {
            add(key, priority);
        } else {
            addLater(key, clock.now().plus(delay), priority);
        }
    }

    /**
     * Has a key handed out at a time at the latest, soon if that has passed; of several the first counts. Who knows the time says
     * the time: a delay until then is wrong if the clock leaps, or a thread rests, between its reckoning and its use.
     */
    void addAt(K key, Instant time) {
        int priority = Priority.FRESH;
        if (time.isAfter(clock.now())) {
            addLater(key, time, priority);
        } else {
            add(key, priority);
        }
    }

    private void addLater(K key, Instant time, int priority) {
        lock.lock();
        try {
            if (!shutDown && waiting.add(key, time, priority)) {
                arm();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what was to be handed out later, unless somebody asked for it with more than this priority. */
    void dropDelayed(K key, int priority) {
        lock.lock();
        try {
            waiting.drop(key, priority);
        } finally {
            lock.unlock();
        }
    }

    /** Has a key handed out after the back-off, which grows until {@link #forget}; answers how many failures it has had. */
    int addRateLimited(K key) {
        int count;
        Duration delay;
        lock.lock(); // a limiter may keep count, too
        try {
            count = failures.merge(key, 1, Integer::sum);
            delay = jitter.spread(limiter.delay(count - 1));
        } finally {
            lock.unlock();
        }
        addAfter(key, delay); // outside of the lock: without a delay the key is ready at once, and somebody is told
        return count;
    }

    /** Counts the key's failures from 0 again. */
    void forget(K key) {
        failures.remove(key);
    }

    /** How many failures in a row a key has had. */
    int failures(K key) {
        return failures.getOrDefault(key, 0);
    }

    /** Hands out the first ready key; whoever gets it must say {@link #done}. Empty if none is ready. */
    Optional<K> poll() {
        return take().map(Taken::key);
    }

    /** Hands out the first ready key, and how long it waited; whoever gets it must say {@link #done}. */
    Optional<Taken<K>> take() {
        ReadyKeys.Entry<K> entry;
        lock.lock();
        try {
            entry = ready.poll();
            if (entry == null) {
                return Optional.empty();
            }
            size = ready.size();
            processing.add(entry.key);
        } finally {
            lock.unlock();
        }
        long waited = Math.max(0, nanos(clock.now()) - entry.since);
        return Optional.of(new Taken<>(entry.key, entry.priority, Duration.ofNanos(waited)));
    }

    /** Takes a key back; if it was added meanwhile it is ready again. */
    void done(K key) {
        Integer priority;
        lock.lock();
        try {
            processing.remove(key);
            priority = again.remove(key);
            if (priority != null) {
                ready.add(key, priority, nanos(clock.now()));
                size = ready.size();
            }
            if (draining) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
        tell(priority != null);
    }

    /** How many keys are ready. */
    int size() {
        return size;
    }

    /** How many keys become ready later. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
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
            waiting.clear();
            arm();
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
        if (!busy()) {
            return true;
        }
        Clock.Timer end = clock.at(deadline, new Task("end of drain", this::wakeDrain));
        try {
            draining = true;
            while (draining && busy() && clock.now().isBefore(deadline)) {
                idle.await();
            }
            return !busy();
        } finally {
            end.cancel();
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

    /** What is added while a worker has it is kept even after the shutdown was asked for, if it came before. */
    private boolean addLocked(K key, int priority, long now) {
        if (shutDown) {
            return false;
        }
        if (processing.contains(key)) {
            again.merge(key, priority, Math::max);
            return false;
        }
        if (ready.contains(key)) {
            ready.raise(key, priority, now);
            return false;
        }
        ready.add(key, priority, now);
        size = ready.size();
        return true;
    }

    /** Sets the timer to the earliest waiting key. */
    private void arm() {
        Instant next = waiting.next();
        Instant due = next == null ? Instant.MAX : next;
        if (due.equals(timerDue)) {
            return;
        }
        if (timer != null) {
            timer.cancel();
        }
        timerDue = due;
        timer = next == null ? null : clock.at(next, new Task("delayed keys", () -> release(next)));
    }

    /** Moves what is due from waiting to ready. */
    private void release(Instant due) {
        int released = 0;
        lock.lock();
        try {
            if (due.equals(timerDue)) {
                timer = null;
                timerDue = Instant.MAX;
            }
            Instant now = clock.now();
            for (var entry = waiting.due(now); entry != null; entry = waiting.due(now)) {
                released += addLocked(entry.key, entry.priority, nanos(now)) ? 1 : 0;
            }
            arm();
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < released; i++) {
            onReady.run();
        }
    }

    private void tell(boolean nowReady) {
        if (nowReady) {
            onReady.run();
        }
    }

    /** Since 1970; what is more than 250 years off is no further off than that. */
    static long nanos(Instant time) {
        return Math.max(-FAR, Math.min(FAR, time.getEpochSecond())) * 1_000_000_000L + time.getNano();
    }
}
