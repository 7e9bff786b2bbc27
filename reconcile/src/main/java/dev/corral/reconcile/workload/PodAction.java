package dev.corral.reconcile.workload;

/** Something the agent shall do with a container of a pod. */
public sealed interface PodAction {
    /** The container's name. */
    String container();

    /**
     * Start it.
     *
     * @param attempt 0 for the first start in this pod
     */
    record Start(String container, int attempt) implements PodAction {}

    /** Begin to end it with what is to be done before that. */
    record PreStop(String container, EndCause cause) implements PodAction {}

    /** Ask it to end, by SIGTERM. */
    record Terminate(String container, EndCause cause) implements PodAction {}

    /** Kill it and all that is left of it. */
    record Kill(String container, EndCause cause) implements PodAction {}

    /** Forget its last run, of which nothing is left: it begins anew. */
    record Forget(String container) implements PodAction {}
}
