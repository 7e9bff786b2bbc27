package dev.corral.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The latest events; the same told again counts up instead of filling the list. */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int KEPT = 1024;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Event> latest = new ArrayList<>();

    Events(Clock clock) {
        this.clock = clock;
    }

    void tell(Event.Type type, String source, Subject about, String reason, String message) {
        Instant now = clock.now();
        Event event = new Event(type, source, about.kind().name(), about.key(), reason, message, 1, now, now);
        lock.lock();
        try {
            keep(event);
        } finally {
            lock.unlock();
        }
        LOG.debug("{} {} {}: {}", type, about, reason, message);
    }

    /** Oldest first, by when they happened last. */
    List<Event> latest() {
        lock.lock();
        try {
            return List.copyOf(latest);
        } finally {
            lock.unlock();
        }
    }

    private void keep(Event event) {
        for (int i = latest.size() - 1; i >= 0; i--) {
            if (latest.get(i).sameAs(event)) {
                latest.add(latest.remove(i).again(event.last()));
                return;
            }
        }
        if (latest.size() == KEPT) {
            latest.remove(0);
        }
        latest.add(event);
    }
}
