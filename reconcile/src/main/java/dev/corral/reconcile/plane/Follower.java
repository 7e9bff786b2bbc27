package dev.corral.reconcile.plane;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Printable;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells in lines what happens to one resource and all that belongs to it, or to everything: events, and how far each is whenever
 * that changes. What changes faster than somebody listens is told in its newest form only.
 */
final class Follower {
    private final Store store;
    private final Clock clock;
    private final Serial serial;
    private final Function<String, Optional<Kind<?, ?>>> kinds;
    private final Optional<Subject> root;
    private final Consumer<String> lines;
    /** Those to be looked at. Guarded by itself. */
    private final Set<Subject> touched = new LinkedHashSet<>();
    /** What was said of each last. Only in what is serial. */
    private final Map<Subject, String> said = new HashMap<>();

    private volatile boolean closed;

    /** A resource by the name of its kind. */
    record Subject(String kind, Key key) {
        static Subject of(Resource<?, ?> resource) {
            return new Subject(resource.kind().name(), resource.key());
        }

        @Override
        public String toString() {
            return kind + "/" + (key.namespace().equals(Key.DEFAULT_NAMESPACE) ? key.name() : key.toString());
        }
    }

    /** @param root empty for everything */
    Follower(
            Store store,
            Clock clock,
            Serial serial,
            Function<String, Optional<Kind<?, ?>>> kinds,
            Optional<Subject> root,
            Consumer<String> lines) {
        this.store = store;
        this.clock = clock;
        this.serial = serial;
        this.kinds = kinds;
        this.root = root;
        this.lines = lines;
    }

    /** Begins with all that is there. */
    void begin() {
        store.snapshot().all().forEach(resource -> touch(Subject.of(resource)));
    }

    void close() {
        closed = true;
    }

    /** Something may have changed. */
    void touch(Subject subject) {
        boolean first;
        synchronized (touched) {
            first = touched.isEmpty();
            touched.add(subject);
        }
        if (first && !closed) {
            serial.submit(this::look);
        }
    }

    void told(Event event) {
        Subject about = new Subject(event.kind(), event.key());
        serial.submit(() -> {
            if (said.containsKey(about) || concerns(store.snapshot(), about)) {
                say(EventLine.of(event));
            }
        });
    }

    private void look() {
        List<Subject> subjects;
        synchronized (touched) {
            subjects = List.copyOf(touched);
            touched.clear();
        }
        Snapshot snapshot = store.snapshot();
        subjects.forEach(subject -> look(snapshot, subject));
    }

    private void look(Snapshot snapshot, Subject subject) {
        Optional<? extends Resource<?, ?>> found = found(snapshot, subject);
        if (found.isEmpty()) {
            if (said.remove(subject) != null) {
                say(now() + " " + subject + " is gone");
            }
            return;
        }
        if (!said.containsKey(subject) && !concerns(snapshot, subject)) {
            return;
        }
        Progress.of(snapshot, found.get(), clock.now())
                .map(Printable::line)
                .filter(line -> !line.equals(said.put(subject, line)))
                .ifPresent(line -> say(now() + " " + subject + ": " + line));
    }

    private String now() {
        return clock.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void say(String line) {
        if (!closed) {
            lines.accept(line);
        }
    }

    private boolean concerns(Snapshot snapshot, Subject subject) {
        if (root.isEmpty() || root.get().equals(subject)) {
            return true;
        }
        Optional<? extends Resource<?, ?>> one = found(snapshot, subject);
        while (one.isPresent() && !Subject.of(one.get()).equals(root.get())) {
            one = snapshot.owner(one.get());
        }
        return one.isPresent();
    }

    private Optional<? extends Resource<?, ?>> found(Snapshot snapshot, Subject subject) {
        return kinds.apply(subject.kind()).flatMap(kind -> snapshot.get(kind, subject.key()));
    }
}
