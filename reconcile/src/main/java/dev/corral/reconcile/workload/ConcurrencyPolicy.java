package dev.corral.reconcile.workload;

/** What a CronJob does when it is due and a Job of it still runs. Source: Kubernetes API, {@code CronJobSpec.concurrencyPolicy}. */
public enum ConcurrencyPolicy {
    /** It starts another one beside it. */
    ALLOW,
    /** It waits until the last one has finished, and starts then if it isn't too late. */
    FORBID,
    /** It deletes what runs and starts another one. */
    REPLACE
}
