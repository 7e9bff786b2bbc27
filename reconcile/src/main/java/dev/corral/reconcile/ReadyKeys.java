package dev.corral.reconcile;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys that can be handed out, in order: by when they became ready less 40 ms for each level of priority, so that waiting
 * makes up for a low priority. Within a level that is first in, first out, so each level is a plain line; only the few keys
 * whose priority rose while they waited may stand in another place, and are kept apart.
 */
final class ReadyKeys<K> {
    private final Map<K, Entry<K>> entries = new HashMap<>();
    private final TreeMap<Integer, ArrayDeque<Entry<K>>> lines = new TreeMap<>();
    private final TreeSet<Entry<K>> risen = new TreeSet<>(
            Comparator.<Entry<K>>comparingLong(entry -> entry.deadline).thenComparingLong(entry -> entry.number));
    private long number;

    /** A key in line. */
    static final class Entry<K> {
        final K key;
        final int priority;
        final long since;
        final long deadline;
        final long number;
        /** Its successor stands elsewhere. */
        boolean left;

        Entry(K key, int priority, long since, long deadline, long number) {
            this.key = key;
            this.priority = priority;
            this.since = since;
            this.deadline = deadline;
            this.number = number;
        }
    }

    int size() {
        return entries.size();
    }

    boolean contains(K key) {
        return entries.containsKey(key);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Puts a key at the end of its level. */
    void add(K key, int priority, long now) {
        Entry<K> entry = new Entry<>(key, priority, now, deadline(now, priority), number++);
        entries.put(key, entry);
        ArrayDeque<Entry<K>> line = lines.get(priority);
        if (line == null) {
            line = new ArrayDeque<>();
            lines.put(priority, line);
        }
        line.add(entry);
    }

    /** Lets a key rise to the end of a higher level, where its old place was no better; lower priorities change nothing. */
    void raise(K key, int priority, long now) {
        Entry<K> old = entries.get(key);
        if (old == null || old.priority >= priority) {
            return;
        }
        old.left = true;
        risen.remove(old);
        long deadline = Math.min(old.deadline, deadline(now, priority));
        Entry<K> entry = new Entry<>(key, priority, old.since, deadline, number++);
        entries.put(key, entry);
        risen.add(entry);
    }

    /** Takes the first one out. */
    @Nullable
    Entry<K> poll() {
        Entry<K> best = risen.isEmpty() ? null : risen.first();
        ArrayDeque<Entry<K>> from = null;
        for (ArrayDeque<Entry<K>> line : lines.values()) {
            Entry<K> head = head(line);
            if (head != null && (best == null || before(head, best))) {
                best = head;
                from = line;
            }
        }
        if (best == null) {
            return null;
        }
        if (from == null) {
            risen.remove(best);
        } else {
            from.poll();
            if (from.isEmpty() && best.priority != Priority.FRESH) {
                lines.remove(best.priority);
            }
        }
        entries.remove(best.key);
        return best;
    }

    private static <K> boolean before(Entry<K> one, Entry<K> other) {
        return one.deadline != other.deadline ? one.deadline < other.deadline : one.number < other.number;
    }

    private static <K> @Nullable Entry<K> head(ArrayDeque<Entry<K>> line) {
        Entry<K> head = line.peek();
        while (head != null && head.left) {
            line.poll();
            head = line.peek();
        }
        return head;
    }

    private static long deadline(long now, int priority) {
        return now - priority * Priority.NANOS_PER_LEVEL;
    }
}
