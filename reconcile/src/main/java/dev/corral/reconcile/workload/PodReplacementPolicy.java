package dev.corral.reconcile.workload;

/** When a Job replaces a pod that goes. Source: Kubernetes API, {@code JobSpec.podReplacementPolicy}. */
public enum PodReplacementPolicy {
    /** As soon as it is being deleted, which counts as a failure at once. */
    TERMINATING_OR_FAILED,
    /** When it has ended for good. */
    FAILED
}
