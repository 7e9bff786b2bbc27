package dev.corral.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A cursor over the store's event log that, where it began with a list, lists again after falling behind. */
final class MemoryWatch<S, T> implements Watch<S, T> {
    private final MemoryStore store;
    private final Optional<Kind<S, T>> kind;
    private final boolean lists;
    private State known = State.empty();
    private long told;
    private long cursor = -1;
    private volatile boolean closed;

    /** Begins with a list; without a kind, of everything. */
    MemoryWatch(MemoryStore store, Optional<Kind<S, T>> kind) {
        this.store = store;
        this.kind = kind;
        this.lists = true;
    }

    /** Begins after a version. */
    MemoryWatch(MemoryStore store, Optional<Kind<S, T>> kind, long after) {
        this.store = store;
        this.kind = kind;
        this.lists = false;
        this.told = after;
        this.cursor = store.numberAfter(after);
    }

    @Override
    public List<StoreEvent<S, T>> poll() {
        if (closed) {
            return List.of();
        }
        MemoryStore.Read read = store.read(Math.max(0, cursor));
        List<StoreEvent<S, T>> events;
        if (lists && (cursor < 0 || read.events().isEmpty())) {
            events = listed(read.state());
        } else {
            events = mine(read.events().orElseThrow(() -> new WatchExpired(told, read.lastForgotten())));
        }
        cursor = read.next();
        told = read.state().version();
        known = lists ? read.state() : known;
        return events;
    }

    @Override
    public List<StoreEvent<S, T>> await(Duration timeout) throws InterruptedException {
        return store.await(timeout, this::poll, () -> closed);
    }

    @Override
    public void close() {
        closed = true;
        known = State.empty();
        store.wakeWaiters();
    }

    private List<StoreEvent<S, T>> mine(List<StoreEvent<?, ?>> events) {
        if (kind.isEmpty()) {
            return cast(events);
        }
        List<StoreEvent<S, T>> mine = new ArrayList<>();
        for (StoreEvent<?, ?> event : events) {
            Resource<?, ?> latest = event.latest().orElse(null);
            if (latest != null && kind.get().equals(latest.kind())) {
                mine.add(cast(event));
            }
        }
        return mine;
    }

    /** What has changed between the state known and another one, and that nothing is missing now. */
    private List<StoreEvent<S, T>> listed(State now) {
        Map<Path, Resource<S, T>> old = mine(known);
        Map<Path, Resource<S, T>> current = mine(now);
        List<StoreEvent<S, T>> events = new ArrayList<>();
        old.forEach((path, last) -> {
            if (!sameUid(last, current.get(path))) {
                events.add(new StoreEvent.Deleted<>(last, now.version(), ""));
            }
        });
        current.forEach((path, resource) -> {
            Resource<S, T> before = old.get(path);
            if (before == null || !sameUid(resource, before)) {
                events.add(new StoreEvent.Added<>(resource, resource.metadata().version(), ""));
            } else if (!resource.equals(before)) {
                events.add(new StoreEvent.Modified<>(
                        before, resource, resource.metadata().version(), ""));
            }
        });
        events.add(new StoreEvent.Synced<>(now.version()));
        return events;
    }

    private Map<Path, Resource<S, T>> mine(State state) {
        Map<Path, Resource<S, T>> found = new LinkedHashMap<>();
        for (Resource<?, ?> resource :
                kind.<List<? extends Resource<?, ?>>>map(state::list).orElseGet(state::all)) {
            found.put(Path.of(resource), cast(resource));
        }
        return found;
    }

    private static boolean sameUid(Resource<?, ?> one, @Nullable Resource<?, ?> other) {
        return other != null && one.metadata().uid().equals(other.metadata().uid());
    }

    @SuppressWarnings("unchecked") // of the kind watched, or S and T are wildcards
    private static <S, T> Resource<S, T> cast(Resource<?, ?> resource) {
        return (Resource<S, T>) resource;
    }

    @SuppressWarnings("unchecked") // S and T are wildcards: the store logs resources, and tells Synced itself
    private static <S, T> List<StoreEvent<S, T>> cast(List<?> events) {
        return (List<StoreEvent<S, T>>) events;
    }

    @SuppressWarnings("unchecked") // of the kind watched, or S and T are wildcards
    private static <S, T> StoreEvent<S, T> cast(StoreEvent<?, ?> event) {
        return (StoreEvent<S, T>) event;
    }
}
