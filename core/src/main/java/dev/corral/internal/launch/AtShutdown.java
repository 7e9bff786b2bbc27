package dev.corral.internal.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is open, to be ended when the JVM ends normally; of a harsher end the kernel and init take care. Everybody is asked at
 * once, so that all have the same time; then they are ended one by one. Both begin with the newest, which may lean on older
 * ones. Safe for any thread.
 */
public final class AtShutdown {
    /** For all together, to end by themselves. */
    private static final Duration GRACE = Duration.ofSeconds(3);
    /** How much longer the JVM waits for somebody who can't be ended. */
    private static final Duration LAST = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Ending> open = new LinkedHashSet<>();
    private boolean hooked;

    /** Something to be ended. None of its methods throws. */
    public interface Ending {
        /** Asks for the end, and does not wait. */
        void ask();

        /** Waits for the end, until {@link System#nanoTime} says so at most, then forces it. */
        void finish(long deadline);
    }

    /** Without effect once the JVM is about to end. */
    public void add(Ending ending) {
        lock.lock();
        try {
            if (!hooked) {
                Runtime.getRuntime().addShutdownHook(new Thread(null, this::run, "corral-shutdown", 0, false));
                hooked = true;
            }
            open.add(ending);
        } catch (IllegalStateException begun) {
            // the JVM's end has begun: what is started now goes the way of the harsher end
        } finally {
            lock.unlock();
        }
    }

    public void remove(Ending ending) {
        lock.lock();
        try {
            open.remove(ending);
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Thread worker = new Thread(null, this::end, "corral-shutdown-worker", 0, false);
        worker.setDaemon(true);
        worker.start();
        try {
            worker.join(GRACE.plus(LAST).toMillis());
        } catch (InterruptedException enough) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks all, then ends all. */
    void end() {
        long deadline = System.nanoTime() + GRACE.toNanos();
        List<Ending> newestFirst = newestFirst();
        newestFirst.forEach(Ending::ask);
        newestFirst.forEach(ending -> ending.finish(deadline));
    }

    private List<Ending> newestFirst() {
        lock.lock();
        try {
            List<Ending> all = new ArrayList<>(open);
            Collections.reverse(all);
            return all;
        } finally {
            lock.unlock();
        }
    }
}
