package dev.corral.reconcile.workload;

/** What happens when a container of a pod has ended. Source: Kubernetes API, {@code PodSpec.restartPolicy}. */
public enum RestartPolicy {
    /** It is started again. */
    ALWAYS,
    /** It is started again unless it exited with 0. */
    ON_FAILURE,
    /** It stays as it is. */
    NEVER
}
