package dev.corral.reconcile.workload;

/** Where a pod is between its start and its end. Source: Kubernetes API, {@code PodStatus.phase}. */
public enum PodPhase {
    /** Some container was never started. */
    PENDING,
    /** Some container runs, or will be started again. */
    RUNNING,
    /** All containers have exited with 0 and stay so. */
    SUCCEEDED,
    /** All containers have ended and stay so, one of them with a failure. */
    FAILED;

    /** Whether it never changes again. */
    public boolean terminal() {
        return this == SUCCEEDED || this == FAILED;
    }
}
