package dev.corral.reconcile.testing;

import dev.corral.reconcile.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The time of a world. It stands still while anything can happen, then jumps to what waits next. */
final class Time {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PriorityQueue<Waiting> changes = new PriorityQueue<>(Time::compare);
    private final PriorityQueue<Waiting> routine = new PriorityQueue<>(Time::compare);
    private Instant now = START;
    private long added;

    /** Something that waits for its time. */
    private static final class Waiting implements Clock.Timer {
        private final Instant due;
        private final long number;
        private final Bag.Entry entry;
        private boolean cancelled;

        private Waiting(Instant due, long number, Bag.Entry entry) {
            this.due = due;
            this.number = number;
            this.entry = entry;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        private boolean over() {
            return cancelled || entry.life().ended();
        }
    }

    private static int compare(Waiting one, Waiting other) {
        int byTime = one.due.compareTo(other.due);
        return byTime != 0 ? byTime : Long.compare(one.number, other.number);
    }

    Instant now() {
        return now;
    }

    Duration elapsed() {
        return Duration.between(START, now);
    }

    Clock.Timer at(Instant due, Bag.Entry entry) {
        return add(changes, due, entry);
    }

    /** For what comes again and again, such as a probe, and usually changes nothing. */
    Clock.Timer routineAt(Instant due, Bag.Entry entry) {
        return add(routine, due, entry);
    }

    private Clock.Timer add(PriorityQueue<Waiting> queue, Instant due, Bag.Entry entry) {
        Waiting waiting = new Waiting(due, added++, entry);
        queue.add(waiting);
        return waiting;
    }

    /** Puts all that is due into the bag. */
    void release(Bag bag) {
        release(changes, bag);
        release(routine, bag);
    }

    private void release(PriorityQueue<Waiting> queue, Bag bag) {
        for (Waiting first = first(queue); first != null && !first.due.isAfter(now); first = first(queue)) {
            queue.remove();
            Waiting due = first;
            // Cancelled at the very time when it was due: whichever comes first counts.
            bag.add(new Bag.Entry(due.entry.life(), due.entry.label(), () -> {
                if (!due.cancelled) {
                    due.entry.body().run();
                }
            }));
        }
    }

    /** When something is due next that may change anything. */
    Optional<Instant> nextChange() {
        return Optional.ofNullable(first(changes)).map(waiting -> waiting.due);
    }

    /** When something is due next, be it routine. */
    Optional<Instant> next() {
        Waiting change = first(changes);
        Waiting probe = first(routine);
        if (change == null || probe == null) {
            return Optional.ofNullable(change == null ? probe : change).map(waiting -> waiting.due);
        }
        return Optional.of(probe.due.isBefore(change.due) ? probe.due : change.due);
    }

    /** Moves the time on; what is earlier than now changes nothing. */
    void moveTo(Instant instant) {
        now = instant.isAfter(now) ? instant : now;
    }

    private static @Nullable Waiting first(PriorityQueue<Waiting> queue) {
        Waiting first = queue.peek();
        while (first != null && first.over()) {
            queue.remove();
            first = queue.peek();
        }
        return first;
    }
}
