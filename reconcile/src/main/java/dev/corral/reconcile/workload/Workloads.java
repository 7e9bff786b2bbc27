package dev.corral.reconcile.workload;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Store;
import java.time.Instant;

/** The controllers of all workload kinds, what has to be done besides their passes, and the scheduler. */
public final class Workloads {
    /** How many pods that have ended for good stay, unless something else is said: as with Kubernetes. */
    public static final int ENDED_PODS = 12_500;

    private Workloads() {}

    /**
     * Adds them to a manager that is about to start, those apart that it has others for.
     *
     * @param store the manager's
     * @param clock the manager's
     */
    public static void register(ControllerManager manager, Store store, Clock clock, Scheduler scheduler) {
        register(manager, store, clock, scheduler, ENDED_PODS);
    }

    /**
     * Adds them to a manager that is about to start, those apart that it has others for.
     *
     * @param endedPods how many pods that have ended for good stay, 0 or more; beyond that the oldest go
     */
    public static void register(
            ControllerManager manager, Store store, Clock clock, Scheduler scheduler, int endedPods) {
        if (!manager.controls(Deployment.KIND)) {
            manager.controller(
                    Deployment.KIND,
                    DeploymentController::reconcile,
                    options -> options.adopts(ReplicaSet.KIND, DeploymentSpec::selector));
        }
        if (!manager.controls(ReplicaSet.KIND)) {
            manager.controller(
                    ReplicaSet.KIND,
                    ReplicaSetController::reconcile,
                    options ->
                            options.adopts(Pod.KIND, ReplicaSetSpec::selector).onError(ReplicaSetController::refused));
        }
        if (!manager.controls(StatefulSet.KIND)) {
            manager.controller(
                    StatefulSet.KIND,
                    StatefulSetController::reconcile,
                    options -> options.owns(ControllerRevision.KIND)
                            .owns(PersistentVolumeClaim.KIND)
                            .adopts(ControllerRevision.KIND, StatefulSetSpec::selector)
                            .watches(Pod.KIND, pod -> StatefulSetController.namesake(store.snapshot(), pod)));
        }
        if (!manager.controls(DaemonSet.KIND)) {
            manager.controller(
                    DaemonSet.KIND,
                    DaemonSetController::reconcile,
                    options -> options.owns(ControllerRevision.KIND)
                            .adopts(Pod.KIND, DaemonSetSpec::selector)
                            .adopts(ControllerRevision.KIND, DaemonSetSpec::selector)
                            .watches(
                                    Node.KIND,
                                    node -> store.snapshot().list(DaemonSet.KIND).stream()
                                            .map(Resource::key)
                                            .toList()));
        }
        if (!manager.controls(Job.KIND)) {
            manager.controller(Job.KIND, JobController::reconcile);
        }
        if (!manager.controls(CronJob.KIND)) {
            Instant started = clock.now();
            manager.controller(CronJob.KIND, cron -> CronJobController.reconcile(cron, started));
        }
        JobLoops.into(manager, store, clock);
        EndedPods.into(manager, store, clock, endedPods);
        TaintEviction.into(manager, store, clock);
        Binder.register(manager, store, clock, scheduler);
    }
}
