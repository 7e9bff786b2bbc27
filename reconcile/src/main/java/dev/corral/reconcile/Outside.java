package dev.corral.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What wakes the keys of a loop besides their own kind: other kinds, and sources. Both can come and go while it runs. */
final class Outside implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outside.class);

    private final Body body;
    private final Store store;
    private final World world;
    private final Events events;
    private final WorkQueue<Subject> queue;
    private final List<Relation<?, ?>> relations;
    private final List<Source> waiting;
    private final List<Subscription> open = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    Outside(Body body, Store store, World world, Events events, WorkQueue<Subject> queue, Settings settings) {
        this.body = body;
        this.store = store;
        this.world = world;
        this.events = events;
        this.queue = queue;
        this.relations = new CopyOnWriteArrayList<>(settings.relations());
        this.waiting = settings.sources();
    }

    /** All that must be looked at because of a change. What a user's function throws is told, and disturbs no other one. */
    Set<Subject> wokenBy(StoreEvent<?, ?> event) {
        Set<Subject> own = wokenByItself(event);
        if (!related(event)) {
            return own;
        }
        Set<Subject> woken = new LinkedHashSet<>(own);
        body.kind().ifPresent(kind -> {
            for (Relation<?, ?> relation : relations) {
                event.before().ifPresent(before -> attempt(event, () -> add(relation, before, kind, woken)));
                event.after().ifPresent(after -> attempt(event, () -> add(relation, after, kind, woken)));
            }
        });
        return woken;
    }

    private boolean related(StoreEvent<?, ?> event) {
        Resource<?, ?> latest = event.latest().orElse(null);
        if (latest != null) {
            for (Relation<?, ?> relation : relations) {
                if (latest.kind().equals(relation.kind())) {
                    return true;
                }
            }
        }
        return false;
    }

    private Set<Subject> wokenByItself(StoreEvent<?, ?> event) {
        try {
            return body.wokenBy(event);
        } catch (Throwable e) {
            untold(event, e);
            return Set.of();
        }
    }

    private static void add(Relation<?, ?> relation, Resource<?, ?> resource, Kind<?, ?> kind, Set<Subject> woken) {
        relation.keys(resource).forEach(key -> woken.add(new Subject(kind, key)));
    }

    private void attempt(StoreEvent<?, ?> event, Runnable mapper) {
        try {
            mapper.run();
        } catch (Throwable e) {
            untold(event, e);
        }
    }

    private void untold(StoreEvent<?, ?> event, Throwable error) {
        LOG.error("{}: could not tell whom {} concerns; the safety net will", body.name(), event, error);
        event.latest()
                .map(Subject::of)
                .ifPresent(
                        about -> events.tell(Event.Type.WARNING, body.name(), about, "WatchFailed", error.toString()));
    }

    /** Begins to map another kind, beginning with what is there. */
    <S, T> Subscription watch(Relation<S, T> relation) {
        relations.add(relation);
        for (Resource<S, T> resource : store.snapshot().list(relation.kind())) {
            Set<Subject> woken = new LinkedHashSet<>();
            StoreEvent<S, T> found =
                    new StoreEvent.Added<>(resource, resource.metadata().version(), "");
            body.kind().ifPresent(kind -> attempt(found, () -> add(relation, resource, kind, woken)));
            woken.forEach(subject -> queue.add(subject, Priority.LOW));
        }
        return () -> relations.remove(relation);
    }

    /** Begins to listen to a source. */
    Subscription listen(Source source) {
        if (closed) {
            return () -> {};
        }
        Subscription subscription = source.open(new Wakes());
        open.add(subscription);
        return () -> {
            if (open.remove(subscription)) {
                subscription.close();
            }
        };
    }

    /** Opens the sources that were named before the start; one that can't be opened is told and disturbs no other. */
    void open() {
        for (Source source : new ArrayList<>(waiting)) {
            try {
                listen(source);
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(Subscription::close);
        open.clear();
    }

    private void failed(Throwable error) {
        LOG.error("{}: a source failed", body.name(), error);
        body.kind()
                .ifPresent(kind -> events.tell(
                        Event.Type.WARNING,
                        body.name(),
                        new Subject(kind, Key.of("source")),
                        "SourceFailed",
                        error.toString()));
    }

    /** What a source may do. */
    private final class Wakes implements Source.Waker {
        @Override
        public void wake(Key key) {
            body.kind().ifPresent(kind -> queue.add(new Subject(kind, key)));
        }

        @Override
        public void wakeAfter(Key key, Duration delay) {
            body.kind().ifPresent(kind -> queue.addAfter(new Subject(kind, key), delay));
        }

        @Override
        public Snapshot snapshot() {
            return store.snapshot();
        }

        @Override
        public Clock clock() {
            return world.clock();
        }

        @Override
        public void execute(String label, Source.Work work) {
            try {
                world.executor().execute(new Task(body.name() + ": " + label, () -> attempt(work)));
            } catch (RejectedExecutionException e) {
                if (!closed) {
                    failed(e);
                }
            }
        }

        private void attempt(Source.Work work) {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Throwable e) {
                failed(e);
            }
        }
    }
}
