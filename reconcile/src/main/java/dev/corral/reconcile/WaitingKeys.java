package dev.corral.reconcile;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Keys that become ready later, one time for each: the earliest that was asked for, with the highest priority. */
final class WaitingKeys<K> {
    private final Map<K, Entry<K>> entries = new HashMap<>();
    /** By due time; an entry that was replaced stays until its turn, or until most are such. */
    private final PriorityQueue<Entry<K>> heap = new PriorityQueue<>(WaitingKeys::compare);

    private long number;

    /** A key and when it is due. */
    static final class Entry<K> {
        final K key;
        final Instant due;
        /** The order of {@code due}, for a heap of a million entries. */
        final long nanos;

        final int priority;
        final long number;
        /** Another entry of its key counts, or none. */
        boolean replaced;

        Entry(K key, Instant due, int priority, long number) {
            this.key = key;
            this.due = due;
            this.nanos = WorkQueue.nanos(due);
            this.priority = priority;
            this.number = number;
        }
    }

    private static int compare(Entry<?> one, Entry<?> other) {
        int byTime = Long.compare(one.nanos, other.nanos);
        return byTime != 0 ? byTime : Long.compare(one.number, other.number);
    }

    int size() {
        return entries.size();
    }

    /** Answers whether the earliest time may have changed. */
    boolean add(K key, Instant due, int priority) {
        Entry<K> before = entries.get(key);
        if (before != null && !due.isBefore(before.due) && priority <= before.priority) {
            return false;
        }
        boolean earlier = before == null || due.isBefore(before.due);
        Instant time = earlier || before == null ? due : before.due;
        Entry<K> entry =
                new Entry<>(key, time, before == null ? priority : Math.max(priority, before.priority), number++);
        entries.put(key, entry);
        if (before != null) {
            before.replaced = true;
        }
        heap.add(entry);
        shrink();
        return earlier;
    }

    private void shrink() {
        if (heap.size() > 64 && heap.size() > 3 * entries.size()) {
            heap.removeIf(old -> old.replaced);
        }
    }

    /** The earliest time; null if nothing waits. */
    @Nullable
    Instant next() {
        Entry<K> first = first();
        return first == null ? null : first.due;
    }

    /** Takes out a key that is due; null if none is. */
    @Nullable
    Entry<K> due(Instant now) {
        Entry<K> first = first();
        if (first == null || first.due.isAfter(now)) {
            return null;
        }
        heap.poll();
        entries.remove(first.key);
        return first;
    }

    void drop(K key, int priority) {
        Entry<K> entry = entries.get(key);
        if (entry != null && entry.priority <= priority) {
            entries.remove(key);
            entry.replaced = true;
            shrink();
        }
    }

    void clear() {
        entries.clear();
        heap.clear();
    }

    private @Nullable Entry<K> first() {
        Entry<K> first = heap.peek();
        while (first != null && first.replaced) {
            heap.poll();
            first = heap.peek();
        }
        return first;
    }
}
