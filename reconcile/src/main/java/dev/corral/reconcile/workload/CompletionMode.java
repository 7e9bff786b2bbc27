package dev.corral.reconcile.workload;

/** What the completions of a Job are. Source: Kubernetes API, {@code JobSpec.completionMode}. */
public enum CompletionMode {
    /** One is like the other: so many pods have to succeed. */
    NON_INDEXED,
    /** Each has an index from 0 on, for which one pod has to succeed. */
    INDEXED
}
