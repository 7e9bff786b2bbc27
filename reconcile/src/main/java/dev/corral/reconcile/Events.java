package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was told, with the flood taken out. The same told again counts up; more than ten messages of one kind within ten minutes
 * become one; and of one object a source can tell 25 things at once, then one each five minutes. Source: client-go's
 * {@code EventCorrelator}.
 */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger(Events.class);
    private static final int SIMILAR = 10;
    private static final Duration SIMILAR_WITHIN = Duration.ofMinutes(10);
    private static final int REMEMBERED = 4096;
    private static final int SHOWN = 1024;
    private static final Backoff.Bucket ALLOWED = new Backoff.Bucket(1.0 / 300, 25);

    private final Clock clock;
    private final EngineListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Told, Event> latest = new Recent<>(SHOWN);
    private final Map<Told, Similar> similar = new Recent<>(REMEMBERED);
    private final Map<Told, Allowance> allowances = new Recent<>(REMEMBERED);

    /** What makes events the same, similar, or of one source and object, depending on what is left empty. */
    private record Told(String source, String kind, Key key, String reason, String message) {}

    Events(Clock clock, EngineListener listener) {
        this.clock = clock;
        this.listener = listener;
    }

    void tell(Event.Type type, String source, Subject about, String reason, String message) {
        tell(type, source, about, reason, message, "");
    }

    /** @param pass the pass that tells it; empty text if none does */
    void tell(Event.Type type, String source, Subject about, String reason, String message, String pass) {
        LOG.debug("{} {} {}: {}", type, about, reason, message);
        Instant now = clock.now();
        String kind = about.kind().name();
        Optional<Event> kept;
        lock.lock();
        try {
            kept = keep(new Event(type, source, kind, about.key(), reason, message, 1, now, now, pass));
        } finally {
            lock.unlock();
        }
        kept.ifPresent(this::pass);
    }

    private void pass(Event event) {
        try {
            listener.told(event);
        } catch (RuntimeException e) {
            LOG.error("a listener of the engine threw", e);
        }
    }

    /** Oldest first, by when they happened last. */
    List<Event> latest() {
        lock.lock();
        try {
            List<Event> all = new ArrayList<>(latest.values());
            all.sort(Comparator.comparing(Event::last));
            return List.copyOf(all);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Event> keep(Event event) {
        // What is normal, however much of it, keeps no warning from being told.
        Told source =
                new Told(event.source(), event.kind(), event.key(), event.type().name(), "");
        if (!allowances
                .computeIfAbsent(source, any -> new Allowance(event.first()))
                .take(event.first())) {
            return Optional.empty();
        }
        Told kind = new Told(event.source(), event.kind(), event.key(), event.reason(), "");
        Event shown = similar.computeIfAbsent(kind, any -> new Similar()).merge(event);
        Told same = new Told(shown.source(), shown.kind(), shown.key(), shown.reason(), shown.message());
        Event before = latest.remove(same);
        Event next = before == null ? shown : before.again(shown.last(), shown.pass());
        latest.put(same, next);
        return Optional.of(next);
    }

    /** Messages of one kind about one object. */
    private static final class Similar {
        private final Map<String, Boolean> messages = new Recent<>(SIMILAR + 1);
        private Instant begun = Instant.MIN;

        Event merge(Event event) {
            if (begun.equals(Instant.MIN)
                    || Duration.between(begun, event.last()).compareTo(SIMILAR_WITHIN) > 0) {
                messages.clear();
                begun = event.last();
            }
            messages.put(event.message(), true);
            return messages.size() <= SIMILAR ? event : event.message(Event.SEVERAL + event.reason());
        }
    }

    /** How much of one type one source may still tell about one object. */
    private static final class Allowance {
        private double tokens = ALLOWED.burst();
        private Instant filled;

        Allowance(Instant now) {
            this.filled = now;
        }

        boolean take(Instant now) {
            if (now.isAfter(filled)) {
                double come = Duration.between(filled, now).toMillis() / 1000.0 * ALLOWED.perSecond();
                tokens = Math.min(ALLOWED.burst(), tokens + come);
                filled = now;
            }
            if (tokens < 1) {
                return false;
            }
            tokens -= 1;
            return true;
        }
    }

    /** Forgets what was used least recently. */
    private static final class Recent<K, V> extends LinkedHashMap<K, V> {
        private static final long serialVersionUID = 1L;
        private final int most;

        Recent(int most) {
            super(16, 0.75f, true);
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
        }
    }
}
