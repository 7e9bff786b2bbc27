package dev.corral.reconcile;

import dev.corral.reconcile.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The engine's queue by itself. */
public final class QueueWorkload {
    private static final int KEYS = 100_000;
    private static final int HOT = 1_000;
    private static final int ADDS = 1_000_000;

    private QueueWorkload() {}

    private static WorkQueue<Integer> queue(Clock clock) {
        return new WorkQueue<>(clock, Backoff.standard(), new Jitter(new SplittableRandom(1)), () -> {});
    }

    /** Thousands of keys a second that are added, taken and done on one thread. */
    public static double oneThread() throws Exception {
        return Rounds.median(5, () -> {
            WorkQueue<Integer> queue = queue(Clock.system());
            long begun = Rounds.processorTime();
            for (int key = 0; key < KEYS; key++) {
                queue.add(key);
            }
            for (Optional<Integer> key = queue.poll(); key.isPresent(); key = queue.poll()) {
                queue.done(key.get());
            }
            return Rounds.thousandsAlone(KEYS, begun);
        });
    }

    /** The same by two threads that add and two that take. */
    public static double fourThreads() throws Exception {
        return Rounds.median(5, () -> {
            WorkQueue<Integer> queue = queue(Clock.system());
            AtomicInteger done = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            long begun = System.nanoTime();
            for (int half = 0; half < 2; half++) {
                int first = half;
                threads.add(new Thread(() -> {
                    for (int key = first; key < KEYS; key += 2) {
                        queue.add(key);
                    }
                }));
                threads.add(new Thread(() -> {
                    while (done.get() < KEYS) {
                        queue.poll()
                                .ifPresentOrElse(
                                        key -> {
                                            queue.done(key);
                                            done.incrementAndGet();
                                        },
                                        Thread::onSpinWait);
                    }
                }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            return Rounds.thousands(KEYS, begun);
        });
    }

    /**
     * How many guarantees are broken when a million adds hit a thousand keys that workers have: a key handed out more than once
     * more, or to two workers at once.
     */
    public static double hot() throws Exception {
        WorkQueue<Integer> queue = queue(Clock.system());
        AtomicIntegerArray holders = new AtomicIntegerArray(HOT);
        AtomicIntegerArray passes = new AtomicIntegerArray(HOT);
        AtomicInteger broken = new AtomicInteger();
        AtomicInteger adding = new AtomicInteger(ADDS);
        for (int key = 0; key < HOT; key++) {
            queue.add(key);
        }
        List<Integer> held = new ArrayList<>();
        for (Optional<Integer> key = queue.poll(); key.isPresent(); key = queue.poll()) {
            holders.incrementAndGet(key.get());
            passes.incrementAndGet(key.get());
            held.add(key.get());
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            threads.add(new Thread(() -> {
                for (int left = adding.decrementAndGet(); left >= 0; left = adding.decrementAndGet()) {
                    queue.add(left % HOT);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        held.forEach(key -> {
            holders.decrementAndGet(key);
            queue.done(key);
        });
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            workers.add(new Thread(() -> {
                for (Optional<Integer> key = queue.poll(); key.isPresent(); key = queue.poll()) {
                    broken.addAndGet(holders.incrementAndGet(key.get()) > 1 ? 1 : 0);
                    broken.addAndGet(passes.incrementAndGet(key.get()) > 2 ? 1 : 0);
                    holders.decrementAndGet(key.get());
                    queue.done(key.get());
                }
            }));
        }
        workers.forEach(Thread::start);
        for (Thread worker : workers) {
            worker.join();
        }
        for (int key = 0; key < HOT; key++) {
            broken.addAndGet(passes.get(key) == 2 ? 0 : 1);
        }
        return broken.get();
    }

    /** Thousands of delayed adds a second, within ten minutes, and drained as the time passes. */
    public static double delayed() {
        drained(ADDS / 10);
        return drained(ADDS);
    }

    private static double drained(int adds) {
        ManualClock clock = ManualClock.startingAt(Instant.EPOCH);
        WorkQueue<Integer> queue = queue(clock);
        SplittableRandom random = new SplittableRandom(1);
        long begun = Rounds.processorTime();
        for (int key = 0; key < adds; key++) {
            queue.addAfter(key, Duration.ofMillis(1 + random.nextInt(600_000)));
        }
        int drained = 0;
        while (drained < adds) {
            clock.advance(Duration.ofMillis(100));
            for (Optional<Integer> key = queue.poll(); key.isPresent(); key = queue.poll()) {
                queue.done(key.get());
                drained++;
            }
        }
        return Rounds.thousandsAlone(adds, begun);
    }
}
