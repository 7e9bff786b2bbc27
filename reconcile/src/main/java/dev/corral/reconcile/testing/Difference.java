package dev.corral.reconcile.testing;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was written between two snapshots. */
final class Difference {
    private Difference() {}

    /** A line for each resource that differs. */
    static String between(Snapshot before, Snapshot after) {
        Map<String, Resource<?, ?>> old = new LinkedHashMap<>();
        before.all().forEach(resource -> old.put(resource.title(), resource));
        StringBuilder text = new StringBuilder();
        for (Resource<?, ?> now : after.all()) {
            Resource<?, ?> was = old.remove(now.title());
            if (was == null) {
                text.append("\n  new: ").append(now.title());
            } else if (was.metadata().version() != now.metadata().version()) {
                text.append("\n  ").append(now.title()).append(":").append(parts(was, now));
            }
        }
        old.keySet().forEach(title -> text.append("\n  gone: ").append(title));
        return text.toString();
    }

    private static String parts(Resource<?, ?> was, Resource<?, ?> now) {
        StringBuilder text = new StringBuilder();
        if (!was.spec().equals(now.spec())) {
            text.append(" spec ").append(was.spec()).append(" -> ").append(now.spec());
        }
        if (!was.status().equals(now.status())) {
            text.append(" status ").append(was.status()).append(" -> ").append(now.status());
        }
        return text.isEmpty() ? " its metadata" : text.toString();
    }
}
