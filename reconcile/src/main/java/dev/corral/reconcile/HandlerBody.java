package dev.corral.reconcile;

import java.time.Instant;
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
        Resource<?, ?> latest = event.latest().orElse(null);
        return latest != null && latest.kind().equals(handled) ? Set.of(Subject.of(latest)) : Set.of();
    }

    @Override
    public Outcome handle(Subject subject, Round round) throws Exception {
        Optional<Instant> again = round.guard().call(() -> handler.handle(subject.key(), store.snapshot()));
        return again.<Outcome>map(Outcome.WakeAt::new).orElseGet(Outcome.Done::new);
    }

    @Override
    public boolean exists(Subject subject) {
        return store.snapshot().get(handled, subject.key()).isPresent();
    }
}
