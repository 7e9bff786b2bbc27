package dev.corral.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** A commit carried out on a state that nobody else sees. */
record MemoryPreview(MemoryStore.Outcome outcome, Instant now, Supplier<String> uids) implements Preview {
    static MemoryPreview of(Commit commit, State state, Instant now, Supplier<String> uids) {
        return new MemoryPreview(MemoryStore.Outcome.of(commit, state, now, uids, new Sound()), now, uids);
    }

    @Override
    public CommitResult result() {
        return outcome.result();
    }

    @Override
    public Snapshot after() {
        return outcome.state();
    }

    @Override
    public List<StoreEvent<?, ?>> changes() {
        return outcome.events();
    }

    @Override
    public Preview then(Commit next) {
        return of(next, outcome.state(), now, uids);
    }
}
