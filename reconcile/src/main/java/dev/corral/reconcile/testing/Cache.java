package dev.corral.reconcile.testing;

import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.StoreEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the controllers of a process see of the store: the newest, but for kinds that lag. Whoever has committed meanwhile sees its
 * own commit.
 */
final class Cache {
    private final Map<String, Snapshot> frozen = new TreeMap<>();
    private final Map<String, Snapshot> own = new HashMap<>();

    /** A kind stays as it is in a snapshot. */
    void freeze(String kind, Snapshot as) {
        frozen.putIfAbsent(kind, as);
    }

    void thaw(String kind) {
        frozen.remove(kind);
        if (frozen.isEmpty()) {
            own.clear();
        }
    }

    /** @param after what is stored after the author's commit */
    void committed(String author, Snapshot after) {
        if (!frozen.isEmpty()) {
            own.put(author, after);
        }
    }

    Snapshot seenBy(String author, Snapshot newest) {
        if (frozen.isEmpty()) {
            return newest;
        }
        Snapshot least = own.get(author);
        Map<String, Snapshot> older = new TreeMap<>();
        frozen.forEach((kind, as) -> older.put(kind, least != null && least.version() > as.version() ? least : as));
        return new LaggingSnapshot(newest, older);
    }

    /** Whether any kind stands still. */
    boolean lags() {
        return !frozen.isEmpty();
    }

    /** Whether an event can't be told yet, because the kind lags. */
    boolean holdsBack(StoreEvent<?, ?> event) {
        return !frozen.isEmpty()
                && event.latest()
                        .map(resource -> frozen.get(resource.kind().name()))
                        .filter(as -> event.version() > as.version())
                        .isPresent();
    }
}
