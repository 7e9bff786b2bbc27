package dev.corral.examples.architecture.crooked.reconcile.workload;

import dev.corral.examples.architecture.crooked.cgroups.KnowsItsSibling;

/** Data that knows how it is enforced. */
public final class KnowsTheKernelsRooms {
    public Class<?> enforcer() {
        return KnowsItsSibling.class;
    }
}
