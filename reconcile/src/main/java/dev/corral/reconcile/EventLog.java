package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The latest events of a store, numbered from 0 without gaps; older ones are overwritten. Guarded by the store's lock. */
final class EventLog {
    private final @Nullable StoreEvent<?, ?>[] ring;
    private long next;
    private long lastForgotten;

    EventLog(int capacity) {
        ring = new StoreEvent<?, ?>[capacity];
    }

    void append(StoreEvent<?, ?> event) {
        int slot = slot(next);
        StoreEvent<?, ?> overwritten = ring[slot];
        if (overwritten != null) {
            lastForgotten = overwritten.version();
        }
        ring[slot] = event;
        next++;
    }

    /** The number that the next event will have. */
    long next() {
        return next;
    }

    /** The version of the youngest event that is forgotten; 0 if none is. */
    long lastForgotten() {
        return lastForgotten;
    }

    /** The events from a number on; empty if some of them are forgotten. */
    Optional<List<StoreEvent<?, ?>>> from(long number) {
        if (number < next - ring.length) {
            return Optional.empty();
        }
        if (number == next) {
            return Optional.of(List.of());
        }
        List<StoreEvent<?, ?>> events = new ArrayList<>((int) (next - number));
        for (long i = number; i < next; i++) {
            StoreEvent<?, ?> event = ring[slot(i)];
            if (event != null) {
                events.add(event);
            }
        }
        return Optional.of(events);
    }

    /** The number of the first event after a version; empty if events after it are forgotten. */
    Optional<Long> after(long version) {
        if (version < lastForgotten) {
            return Optional.empty();
        }
        long number = next;
        while (number > 0 && number > next - ring.length && versionOf(number - 1) > version) {
            number--;
        }
        return Optional.of(number);
    }

    private long versionOf(long number) {
        StoreEvent<?, ?> event = ring[slot(number)];
        return event == null ? 0 : event.version();
    }

    private int slot(long number) {
        return (int) (number % ring.length);
    }
}
