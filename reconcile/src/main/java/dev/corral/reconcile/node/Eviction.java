package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.ContainerRuntime.Ended;
import dev.corral.reconcile.workload.ContainerState;
import org.jspecify.annotations.Nullable;

/** Why a run is killed for what its pod does, once it is. Safe for any thread. */
final class Eviction {
    private volatile @Nullable String why;

    void because(String message) {
        why = message;
    }

    /** The end with this reason, if there is one. */
    Ended told(Ended end) {
        String message = why;
        return message == null ? end : new Ended(end.exitCode(), end.signal(), ContainerState.EVICTED, message);
    }
}
