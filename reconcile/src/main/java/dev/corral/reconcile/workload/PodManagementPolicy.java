package dev.corral.reconcile.workload;

/** In which order the pods of a StatefulSet come and go; updates go one at a time in any case. */
public enum PodManagementPolicy {
    /** One after the other: each waits until those before it are available. */
    ORDERED_READY,
    /** All at once. */
    PARALLEL
}
