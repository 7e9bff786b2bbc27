package dev.corral.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keys that become ready later, one time for each: the earliest that was asked for, with the highest priority. */
final class WaitingKeys<K> {
    /** About a second, as a shift of nanoseconds: how much of the time is put in exact order at once. */
    private static final int SLICE = 30;

    private static final int FEW = 16;

    private final WaitingTable<K> entries = new WaitingTable<>();
    /**
     * What is due before {@link #ordered}, by due time; an entry that was replaced stays until its turn, or until most are such.
     * Only this part of what waits is kept in order, so that it fits into the processor's caches.
     */
    private final PriorityQueue<Entry<K>> heap = new PriorityQueue<>(WaitingKeys::compare);
    /** What is due later, by the slice of its time, within a slice as it came. */
    private final TreeMap<Long, List<Entry<K>>> later = new TreeMap<>();

    /** The first slice that isn't in the heap. */
    private long ordered = Long.MIN_VALUE;

    private long number;
    /** How many entries, replaced ones included, the heap and the slices hold. */
    private int held;

    /** A key and when it is due. */
    static final class Entry<K> {
        final K key;
        final int hash;
        final Instant due;
        /** The order of {@code due}, for a heap of a million entries. */
        final long nanos;

        final int priority;
        final long number;
        /** Another entry of its key counts, or none. */
        boolean replaced;
        /** Behind it in the same chain of the table. */
        @Nullable
        Entry<K> next;

        Entry(K key, Instant due, int priority, long number) {
            this.key = key;
            this.hash = WaitingTable.hash(key);
            this.due = due;
            this.nanos = WorkQueue.nanos(due);
            this.priority = priority;
            this.number = number;
        }

        long slice() {
            return nanos >> SLICE;
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
        if (before != null) {
            entries.remove(before);
            before.replaced = true;
        }
        entries.add(entry);
        hold(entry);
        shrink();
        return earlier;
    }

    private void hold(Entry<K> entry) {
        held++;
        if (entry.slice() + 1 < ordered && heap.size() <= FEW) {
            retreat(entry.slice() + 1);
        }
        put(entry);
    }

    private void put(Entry<K> entry) {
        if (entry.slice() < ordered) {
            heap.add(entry);
        } else {
            later.computeIfAbsent(entry.slice(), slice -> new ArrayList<>()).add(entry);
        }
    }

    /** What was the earliest is far off no more once something earlier came: the few that are in the heap leave it again. */
    private void retreat(long slice) {
        List<Entry<K>> few = new ArrayList<>(heap);
        heap.clear();
        ordered = slice;
        few.forEach(this::put);
    }

    private void shrink() {
        if (held > 64 && held > 3 * entries.size()) {
            heap.removeIf(old -> old.replaced);
            later.values().forEach(slice -> slice.removeIf(old -> old.replaced));
            later.values().removeIf(List::isEmpty);
            held = entries.size();
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
        held--;
        entries.remove(first);
        return first;
    }

    void drop(K key, int priority) {
        Entry<K> entry = entries.get(key);
        if (entry != null && entry.priority <= priority) {
            entries.remove(entry);
            entry.replaced = true;
            shrink();
        }
    }

    void clear() {
        entries.clear();
        heap.clear();
        later.clear();
        held = 0;
    }

    private @Nullable Entry<K> first() {
        while (true) {
            Entry<K> first = heap.peek();
            if (first == null) {
                Map.Entry<Long, List<Entry<K>>> slice = later.pollFirstEntry();
                if (slice == null) {
                    return null;
                }
                ordered = slice.getKey() + 1;
                heap.addAll(slice.getValue());
            } else if (first.replaced) {
                heap.poll();
                held--;
            } else {
                return first;
            }
        }
    }
}
