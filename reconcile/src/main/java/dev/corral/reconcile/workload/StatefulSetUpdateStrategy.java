package dev.corral.reconcile.workload;

import java.util.Optional;

/** How a StatefulSet's pods get a changed template. Source: Kubernetes API, {@code StatefulSetUpdateStrategy}. */
public sealed interface StatefulSetUpdateStrategy {
    /**
     * From the highest ordinal down.
     *
     * @param partition pods at positions below it keep the template they have; 0 or more. Without it a missing pod is made from the
     *     old template as long as its position is below the number of old pods
     * @param maxUnavailable how many pods may be unavailable at a time, percentages rounded down and at least 1; without it one at
     *     a time, waiting for each
     */
    record Rolling(Optional<Integer> partition, Optional<IntOrPercent> maxUnavailable)
            implements StatefulSetUpdateStrategy {
        /** The position from which on pods are updated. */
        int firstUpdated() {
            return partition.orElse(0);
        }
    }

    /** A pod gets the changed template when somebody has deleted it. */
    record OnDelete() implements StatefulSetUpdateStrategy {}

    /** All pods, one at a time. */
    static StatefulSetUpdateStrategy rolling() {
        return new Rolling(Optional.of(0), Optional.empty());
    }
}
