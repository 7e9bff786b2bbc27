package dev.corral.reconcile;

/** The finalizers that Corral itself sets. */
final class Finalizers {
    /** Held by whoever runs a resource of a graceful kind, until {@link Store#remove}. */
    static final String RUNNING = "corral.dev/running";
    /** Held by a controller that has a cleanup. */
    static final String CLEANUP = "corral.dev/cleanup";
    /** Held by the collector until what blocks the deletion is gone. */
    static final String FOREGROUND = "foregroundDeletion";
    /** Held by the collector until nothing belongs to the resource any more. */
    static final String ORPHAN = "orphan";

    private Finalizers() {}
}
