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
 * makes up for a low priority. Whoever has waited long enough to come before more urgent keys does so one time in four: a hundred
 * thousand of them delay what is urgent by one pass each time, and don't wait for it for ever either.
 *
 * <p>Within a level that is first in, first out, so each level is a plain line; only the few keys whose priority rose while they
 * waited may stand in another place, and are kept apart.
 */
final class ReadyKeys<K> {
    /** So many keys that are more urgent come between two that overtake such. */
    private static final int BETWEEN = 3;

    private final Map<K, Entry<K>> entries = new HashMap<>();
    private final TreeMap<Integer, ArrayDeque<Entry<K>>> lines = new TreeMap<>();
    private final TreeSet<Entry<K>> risen = new TreeSet<>(
            Comparator.<Entry<K>>comparingLong(entry -> entry.deadline).thenComparingLong(entry -> entry.number));
    private long number;
    /** How many keys were handed out since one overtook more urgent ones. */
    private int sinceOvertaking = BETWEEN;

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
        Entry<K> best = first(Integer.MIN_VALUE);
        if (best == null) {
            return null;
        }
        Entry<K> urgent = best.priority == Integer.MAX_VALUE ? null : first(best.priority + 1);
        if (urgent == null) {
            sinceOvertaking = Math.min(BETWEEN, sinceOvertaking + 1);
        } else if (sinceOvertaking < BETWEEN) {
            sinceOvertaking++;
            best = urgent;
        } else {
            sinceOvertaking = 0;
        }
        take(best);
        return best;
    }

    /** The first in line of those with some priority or more; null if there is none. */
    private @Nullable Entry<K> first(int least) {
        Entry<K> best = null;
        for (Entry<K> entry : risen) {
            if (entry.priority >= least) {
                best = entry;
                break;
            }
        }
        for (ArrayDeque<Entry<K>> line : lines.tailMap(least, true).values()) {
            Entry<K> head = head(line);
            if (head != null && (best == null || before(head, best))) {
                best = head;
            }
        }
        return best;
    }

    private void take(Entry<K> entry) {
        if (!risen.remove(entry)) {
            ArrayDeque<Entry<K>> line = lines.get(entry.priority);
            if (line != null) {
                line.poll();
                if (line.isEmpty() && entry.priority != Priority.FRESH) {
                    lines.remove(entry.priority);
                }
            }
        }
        entries.remove(entry.key);
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
