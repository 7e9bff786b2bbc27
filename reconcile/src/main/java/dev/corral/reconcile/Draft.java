package dev.corral.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The next state of a store while a commit is being carried out, and the events that lead to it. */
final class Draft {
    private final long version;
    private final Instant now;
    private final Supplier<String> uids;
    private final String author;
    private final Admitted admitted;
    private final List<Touched> changes = new ArrayList<>();
    /** Lets trees be written into that this draft made; it leads to nothing, because they keep it. */
    private final Object edit = new Object();

    private State state;

    /** What goes with a new resource besides what was wanted of it. */
    record Birth(String applier, List<OwnerReference> owners, Set<String> finalizers) {}

    Draft(State state, Instant now, Supplier<String> uids, String author, Admitted admitted) {
        this.state = state;
        this.version = state.version() + 1;
        this.now = now;
        this.uids = uids;
        this.author = author;
        this.admitted = admitted;
    }

    Admitted admitted() {
        return admitted;
    }

    Instant now() {
        return now;
    }

    /** The state after the writes so far. */
    State state() {
        return changes.isEmpty() ? state : state.version(version);
    }

    /** One event for each resource that the writes so far have changed, in the order of the first change. */
    List<StoreEvent<?, ?>> events() {
        List<StoreEvent<?, ?>> events = new ArrayList<>(changes.size());
        for (Touched change : changes) {
            StoreEvent<?, ?> event = change.event(version, author);
            if (event != null) {
                events.add(event);
            }
        }
        return events;
    }

    <S, T> Optional<Stored<S, T>> find(Kind<S, T> kind, Key key) {
        return state.find(kind, key);
    }

    /** What is stored of this very resource; empty if it is gone or another has its name. */
    <S, T> Optional<Stored<S, T>> same(Resource<S, T> resource) {
        return find(resource.kind(), resource.key())
                .filter(stored -> stored.resource()
                        .metadata()
                        .uid()
                        .equals(resource.metadata().uid()));
    }

    /** Stores a new resource. */
    <S, T> WriteResult<S, T> insert(Key key, Kind<S, T> kind, Stored.Applied<S> wanted, Birth birth) {
        Metadata metadata = Metadata.created(key, uids.get(), version, now)
                .labels(wanted.labels())
                .annotations(wanted.annotations())
                .owners(birth.owners())
                .finalizers(birth.finalizers());
        admitted.require(kind, metadata, Optional.empty(), wanted.spec());
        Resource<S, T> resource = new Resource<>(kind, metadata, wanted.spec(), kind.initialStatus());
        Path path = Path.of(resource).numbered(state.resources().next());
        state = state.with(edit, Stored.of(path, resource, birth.applier(), wanted));
        changes.add(new Touched(null, resource));
        return new WriteResult.Written<>(resource);
    }

    /** Stores the next form of a resource, or takes it away if it is being deleted and nobody has to agree any more. */
    <S, T> WriteResult<S, T> replace(Stored<S, T> stored, Resource<S, T> next) {
        Resource<S, T> current = stored.resource();
        if (next.metadata().terminating() && next.metadata().finalizers().isEmpty()) {
            return drop(stored);
        }
        boolean sameSpec = next.spec().equals(current.spec());
        if (sameSpec
                && next.status().equals(current.status())
                && next.metadata().equals(current.metadata())) {
            remember(stored);
            return new WriteResult.Unchanged<>(current);
        }
        Resource<S, T> written = next.metadata(next.metadata().written(version, !sameSpec));
        state = state.changed(edit, current, stored.resource(written));
        note(current, written);
        return new WriteResult.Written<>(written);
    }

    /** Takes a resource away. */
    private <S, T> WriteResult<S, T> drop(Stored<S, T> stored) {
        state = state.without(edit, stored);
        note(stored.resource(), null);
        return new WriteResult.Written<>(stored.resource());
    }

    /** Keeps what was applied although nothing came of it: no version, no event. */
    private void remember(Stored<?, ?> stored) {
        state = state.known(edit, stored);
    }

    /** Several changes of one resource are one; a resource and its successor of the same name are two. */
    @SuppressWarnings("ReferenceEquality") // what an earlier write left is what this one finds
    private void note(Resource<?, ?> before, @Nullable Resource<?, ?> after) {
        if (before.metadata().version() == version) {
            for (int i = changes.size() - 1; i >= 0; i--) {
                if (changes.get(i).after() == before) {
                    changes.set(i, changes.get(i).then(after));
                    return;
                }
            }
        }
        changes.add(new Touched(before, after));
    }
}
