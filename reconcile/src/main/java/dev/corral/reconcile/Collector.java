package dev.corral.reconcile;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Deletes what a resource that is gone has left behind, and so, step by step, everything below it. */
record Collector(Store store) implements Body {
    @Override
    public String name() {
        return "collector";
    }

    @Override
    public Set<Subject> wokenBy(StoreEvent<?, ?> event) {
        Set<Subject> woken = new HashSet<>();
        Snapshot now = store.snapshot();
        event.after()
                .filter(resource -> dangling(now, resource))
                .map(Subject::of)
                .ifPresent(woken::add);
        if (event.after().isEmpty()) {
            event.before()
                    .ifPresent(
                            gone -> now.children(gone.metadata().uid()).forEach(child -> woken.add(Subject.of(child))));
        }
        return woken;
    }

    @Override
    public Optional<Duration> handle(Subject subject) {
        Snapshot now = store.snapshot();
        Optional<? extends Resource<?, ?>> left =
                now.get(subject.kind(), subject.key()).filter(resource -> dangling(now, resource));
        if (left.isEmpty() || store.commit(Commit.by(name()).delete(left.get())).ok()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ZERO);
    }

    @Override
    public boolean exists(Subject subject) {
        return false;
    }

    private static boolean dangling(Snapshot now, Resource<?, ?> resource) {
        return resource.metadata().owner().isPresent()
                && !resource.metadata().terminating()
                && now.owner(resource).isEmpty();
    }
}
