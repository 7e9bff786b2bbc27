package dev.corral.reconcile.workload;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Store;
import java.util.Collection;

/** The controllers of all workload kinds and the scheduler, as they belong together. */
public final class Workloads {
    private Workloads() {}

    /**
     * Adds them to a manager that is about to start.
     *
     * @param store the manager's
     * @param clock the manager's
     * @param without kinds that somebody else has a controller for
     */
    public static void register(
            ControllerManager manager, Store store, Clock clock, Scheduler scheduler, Collection<Kind<?, ?>> without) {
        if (!without.contains(Deployment.KIND)) {
            manager.controller(Deployment.KIND, DeploymentController::reconcile, options -> options.adopts(
                            ReplicaSet.KIND, DeploymentSpec::selector));
        }
        if (!without.contains(ReplicaSet.KIND)) {
            manager.controller(ReplicaSet.KIND, ReplicaSetController::reconcile, options -> options.adopts(
                            Pod.KIND, ReplicaSetSpec::selector)
                    .onError(ReplicaSetController::refused));
        }
        Binder.register(manager, store, clock, scheduler);
    }
}
