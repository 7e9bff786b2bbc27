package dev.corral.reconcile.workload;

/** Where the last words of a container come from. Source: Kubernetes API, {@code Container.terminationMessagePolicy}. */
public enum TerminationMessagePolicy {
    /** The file at its {@code terminationMessagePath} alone. */
    FILE,
    /** That file; if it has none and has failed, the end of what it wrote. */
    FALLBACK_TO_LOGS_ON_ERROR
}
