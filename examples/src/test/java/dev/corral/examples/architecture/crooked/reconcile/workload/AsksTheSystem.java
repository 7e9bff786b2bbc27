package dev.corral.examples.architecture.crooked.reconcile.workload;

import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.UUID;

/** A decision that comes out otherwise each time. */
public final class AsksTheSystem {
    public Instant now() {
        return Instant.now();
    }

    public String uid() {
        return UUID.randomUUID().toString();
    }

    public Map<Object, Object> order() {
        return new IdentityHashMap<>();
    }
}
