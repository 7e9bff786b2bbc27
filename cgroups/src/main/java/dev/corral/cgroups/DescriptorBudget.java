package dev.corral.cgroups;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many descriptors may be kept open, shared by readers. Who asks for room pushes out those that were not used for the
 * longest time; a reader at work is never pushed out.
 */
final class DescriptorBudget {
    static final int MOST = 1024;
    private static final int SHARE = 4;

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<StatReader, Integer> held = new HashMap<>();
    private final AtomicLong clock = new AtomicLong();
    private int used;

    DescriptorBudget(int most) {
        this.most = most;
    }

    /**
     * A quarter of what the process may open, 1024 at most.
     *
     * @param limits the text of {@code /proc/self/limits}
     */
    static DescriptorBudget of(String limits) {
        Words words = new Words();
        byte[] text = limits.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        words.over(text, 0, text.length);
        while (words.nextLine()) {
            if (words.nextWord() && words.is("Max") && words.nextWord() && words.is("open") && words.nextWord()) {
                return words.nextWord() && words.isNumber()
                        ? new DescriptorBudget((int) Math.min(MOST, words.count() / SHARE))
                        : new DescriptorBudget(MOST);
            }
        }
        return new DescriptorBudget(MOST);
    }

    int most() {
        return most;
    }

    /** Takes room for a reader that holds none; false if there is none to be had. */
    boolean admit(StatReader reader, int count) {
        lock.lock();
        try {
            while (used + count > most) {
                Optional<StatReader> oldest = held.keySet().stream()
                        .sorted(Comparator.comparingLong(StatReader::lastUsed))
                        .filter(StatReader::evict)
                        .findFirst();
                if (count > most || oldest.isEmpty()) {
                    return false;
                }
                forget(oldest.get());
            }
            held.put(reader, count);
            used += count;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void release(StatReader reader) {
        lock.lock();
        try {
            forget(reader);
        } finally {
            lock.unlock();
        }
    }

    /** Later than every answer before. */
    long now() {
        return clock.incrementAndGet();
    }

    private void forget(StatReader reader) {
        Integer count = held.remove(reader);
        if (count != null) {
            used -= count;
        }
    }
}
