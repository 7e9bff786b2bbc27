package dev.corral.examples.architecture.crooked.reconcile.node;

import dev.corral.examples.architecture.crooked.cgroups.KnowsItsSibling;

/** The one room of reconcile that may. */
public final class MayKnowTheKernelsRooms {
    public Class<?> limits() {
        return KnowsItsSibling.class;
    }
}
