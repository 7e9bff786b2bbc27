package dev.corral.reconcile;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Runs a key handler for changes of its kind.
 *
 * @param wakeOn what changes wake a key; empty if all do
 * @param concerns for which resources it has something to do; empty if for all
 */
record HandlerBody<S, T>(
        String name,
        Kind<S, T> handled,
        Optional<Set<Change>> wakeOn,
        Optional<Predicate<? super Resource<S, T>>> concerns,
        KeyHandler handler,
        Store store)
        implements Body {
    @Override
    public Optional<Kind<?, ?>> kind() {
        return Optional.of(handled);
    }

    @Override
    public Set<Subject> wokenBy(StoreEvent<?, ?> event) {
        Resource<?, ?> latest = event.latest().orElse(null);
        return latest != null && latest.kind().equals(handled) && concerned(latest) && changed(event)
                ? Set.of(Subject.of(latest))
                : Set.of();
    }

    private boolean changed(StoreEvent<?, ?> event) {
        Resource<?, ?> before = event.before().orElse(null);
        Resource<?, ?> after = event.after().orElse(null);
        return wakeOn.isEmpty() || before == null || after == null || Change.any(wakeOn.get(), before, after);
    }

    private boolean concerned(Resource<?, ?> latest) {
        @SuppressWarnings("unchecked") // it is of the kind handled
        Resource<S, T> mine = (Resource<S, T>) latest;
        return concerns.isEmpty() || concerns.get().test(mine);
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
