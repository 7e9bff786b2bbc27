package dev.corral.reconcile;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Runs a key handler for every change of its kind. */
record HandlerBody(String name, Kind<?, ?> handled, KeyHandler handler, Store store) implements Body {
    @Override
    public Optional<Kind<?, ?>> kind() {
        return Optional.of(handled);
    }

    @Override
    public Set<Subject> wokenBy(StoreEvent<?, ?> event) {
        Set<Subject> woken = new HashSet<>();
        event.latest()
                .filter(resource -> resource.kind().equals(handled))
                .map(Subject::of)
                .ifPresent(woken::add);
        return woken;
    }

    @Override
    public Outcome handle(Subject subject, Round round) throws Exception {
        Optional<Duration> again = round.guard().call(() -> handler.handle(subject.key(), store.snapshot()));
        return again.<Outcome>map(Outcome.WakeAt::new).orElseGet(Outcome.Done::new);
    }

    @Override
    public boolean exists(Subject subject) {
        return store.snapshot().get(handled, subject.key()).isPresent();
    }
}
