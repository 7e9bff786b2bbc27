package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;

/** Decides where a pod runs: a pure function of what is stored. */
@FunctionalInterface
public interface Scheduler {
    /**
     * A place for a pod that has none.
     *
     * @param snapshot all nodes, and all pods that are placed already
     */
    Placement place(Resource<PodSpec, PodStatus> pod, Snapshot snapshot);

    /**
     * The first node, by name, that the pod may run on and that has room for what its containers request. It keeps the snapshot
     * that it was given last, to add up only what has changed since; any threads may ask it.
     */
    static Scheduler firstFit() {
        return new FirstFit();
    }
}
