package dev.corral.reconcile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What a loop takes in of a store. A watch that breaks, or expires, is replaced by a new one, and what vanished unseen in
 * between is told as deleted. Belongs to one thread at a time.
 */
final class Intake implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final Store store;
    private final Level broke;
    private Watch<?, ?> watch;
    /** What was stored when the watch was last asked; it has told all of it. */
    private Snapshot seen;

    private volatile boolean synced;
    private boolean broken;
    private volatile boolean closed;

    /** @param broke the level of a line that says that a watch broke */
    Intake(Store store, Level broke) {
        this.store = store;
        this.broke = broke;
        this.watch = store.watchAll();
        this.seen = store.snapshot();
    }

    /** Whether everything that was stored at the beginning has been told. */
    boolean synced() {
        return synced;
    }

    /**
     * What happened since the last call.
     *
     * @param listed what a first list tells, or one after a watch that broke: nothing that somebody waits for
     * @param fresh what has just happened
     */
    record Batch(List<? extends StoreEvent<?, ?>> listed, List<? extends StoreEvent<?, ?>> fresh) {}

    /**
     * What happened since the last call. A watch that broke is begun anew; if that breaks too it throws, and the next call begins
     * anew again.
     */
    Batch poll() {
        if (closed) {
            return new Batch(List.of(), List.of());
        }
        boolean listing = !synced;
        Snapshot now = store.snapshot();
        List<? extends StoreEvent<?, ?>> events;
        try {
            events = broken ? anew(now) : watch.poll();
        } catch (RuntimeException failed) {
            LOG.atLevel(broke).setCause(failed).log("a watch broke and is begun anew");
            broken = true;
            events = anew(now);
        }
        listing = listing || broken;
        broken = false;
        seen = now;
        int end = listing ? endOfList(events) : 0;
        synced = synced || end > 0;
        return new Batch(events.subList(0, end), events.subList(end, events.size()));
    }

    private List<StoreEvent<?, ?>> anew(Snapshot now) {
        watch.close();
        watch = store.watchAll();
        List<StoreEvent<?, ?>> events = new ArrayList<>(vanished(seen, now));
        events.addAll(watch.poll());
        return events;
    }

    /** Behind the last mark that a list is complete. */
    private static int endOfList(List<? extends StoreEvent<?, ?>> events) {
        int end = events.size();
        while (end > 0 && !(events.get(end - 1) instanceof StoreEvent.Synced)) {
            end--;
        }
        return end;
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
