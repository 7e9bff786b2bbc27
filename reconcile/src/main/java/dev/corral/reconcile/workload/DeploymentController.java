package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;

/**
 * Keeps one ReplicaSet for each template that a Deployment had and shifts its pods to that of the present one. Pure. Source:
 * Kubernetes, the Deployment controller.
 */
public final class DeploymentController {
    private DeploymentController() {}

    /** One pass: one step of the rollout, or of a change of size. */
    public static Plan<DeploymentStatus> reconcile(Context<DeploymentSpec, DeploymentStatus> deployment) {
        return new DeploymentRound(deployment).plan();
    }
}
