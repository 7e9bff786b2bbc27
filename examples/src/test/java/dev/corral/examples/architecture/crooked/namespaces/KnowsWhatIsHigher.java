package dev.corral.examples.architecture.crooked.namespaces;

import dev.corral.examples.architecture.crooked.reconcile.workload.KnowsTheKernelsRooms;

/** An arrow upwards. */
public final class KnowsWhatIsHigher {
    public Class<?> higher() {
        return KnowsTheKernelsRooms.class;
    }
}
