package dev.corral.reconcile;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Runs a key handler for every change of its kind. */
record HandlerBody(String name, Kind<?, ?> kind, KeyHandler handler, ControllerOptions<?, ?> options, Store store)
        implements Body {
    @Override
    public Set<Subject> wokenBy(StoreEvent<?, ?> event) {
        Set<Subject> woken = new HashSet<>();
        event.before().ifPresent(resource -> add(resource, woken));
        event.after().ifPresent(resource -> add(resource, woken));
        return woken;
    }

    @Override
    public Optional<Duration> handle(Subject subject) throws Exception {
        return handler.handle(subject.key(), store.snapshot());
    }

    @Override
    public boolean exists(Subject subject) {
        return store.snapshot().get(kind, subject.key()).isPresent();
    }

    private void add(Resource<?, ?> changed, Set<Subject> woken) {
        if (changed.kind().equals(kind)) {
            woken.add(Subject.of(changed));
        }
        options.relations
                .forEach(relation -> relation.keys(changed).forEach(key -> woken.add(new Subject(kind, key))));
    }
}
