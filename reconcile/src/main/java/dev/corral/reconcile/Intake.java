package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a loop takes in of a store. A watch that breaks, or expires, is replaced by a new one, and what vanished unseen in
 * between is told as deleted. Belongs to one thread at a time.
 */
final class Intake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final Store store;
    private Watch<?, ?> watch;
    /** What was stored when the watch was last asked; it has told all of it. */
    private Snapshot seen;

    private boolean synced;
    private boolean broken;
    private volatile boolean closed;

    Intake(Store store) {
        this.store = store;
        this.watch = store.watchAll();
        this.seen = store.snapshot();
    }

    /** Whether everything that was stored at the beginning has been told. */
    boolean synced() {
        return synced;
    }

    /**
     * What happened since the last call. A watch that broke is begun anew; if that breaks too it throws, and the next call begins
     * anew again.
     */
    List<StoreEvent<?, ?>> poll() {
        if (closed) {
            return List.of();
        }
        Snapshot now = store.snapshot();
        List<StoreEvent<?, ?>> events = new ArrayList<>();
        try {
            events.addAll(broken ? anew(now) : watch.poll());
        } catch (RuntimeException failed) {
            LOG.warn("a watch broke and is begun anew", failed);
            broken = true;
            events.addAll(anew(now));
        }
        broken = false;
        seen = now;
        synced = synced || events.stream().anyMatch(StoreEvent.Synced.class::isInstance);
        return events;
    }

    private List<StoreEvent<?, ?>> anew(Snapshot now) {
        watch.close();
        watch = store.watchAll();
        List<StoreEvent<?, ?>> events = new ArrayList<>(vanished(seen, now));
        events.addAll(watch.poll());
        return events;
    }

    private static List<StoreEvent<?, ?>> vanished(Snapshot before, Snapshot now) {
        Map<Subject, String> uids = new HashMap<>();
        now.all()
                .forEach(resource ->
                        uids.put(Subject.of(resource), resource.metadata().uid()));
        List<StoreEvent<?, ?>> events = new ArrayList<>();
        for (Resource<?, ?> last : before.all()) {
            boolean same = Optional.ofNullable(uids.get(Subject.of(last)))
                    .filter(uid -> uid.equals(last.metadata().uid()))
                    .isPresent();
            if (!same) {
                events.add(deleted(last, now.version()));
            }
        }
        return events;
    }

    private static <S, T> StoreEvent<S, T> deleted(Resource<S, T> last, long version) {
        return new StoreEvent.Deleted<>(last, version, "");
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
    }
}
