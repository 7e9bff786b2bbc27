package dev.corral.reconcile;

import java.util.List;
import java.util.Locale;

/**
 * What a dry run says would happen to one resource.
 *
 * @param action what would be done
 * @param kind name of the resource's kind
 * @param key the resource
 * @param differences what would change, as in {@code spec.replicas: 3 -> 5}; empty unless it is a change
 */
public record PlannedChange(Action action, String kind, Key key, List<String> differences) {
    /** What would be done. */
    public enum Action {
        CREATE,
        CHANGE,
        DELETE
    }

    public PlannedChange {
        differences = List.copyOf(differences);
    }

    static PlannedChange of(StoreEvent<?, ?> event) {
        Resource<?, ?> latest = event.latest().orElseThrow();
        String kind = latest.kind().name();
        if (event.before().isEmpty()) {
            return new PlannedChange(Action.CREATE, kind, latest.key(), List.of());
        }
        if (event.after().isEmpty()) {
            return new PlannedChange(Action.DELETE, kind, latest.key(), List.of());
        }
        List<String> differences =
                Differences.between(event.before().get(), event.after().get());
        boolean marked = event.before().get().metadata().deletion().isEmpty()
                && latest.metadata().terminating();
        return new PlannedChange(
                marked ? Action.DELETE : Action.CHANGE, kind, latest.key(), marked ? List.of() : differences);
    }

    /** One line, as in {@code change Deployment default/web: spec.replicas: 3 -> 5}. */
    @Override
    public String toString() {
        String what = action.name().toLowerCase(Locale.ROOT) + " " + kind + " " + key;
        return differences.isEmpty() ? what : what + ": " + String.join("; ", differences);
    }
}
