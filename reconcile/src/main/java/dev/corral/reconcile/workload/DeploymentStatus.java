package dev.corral.reconcile.workload;

import dev.corral.reconcile.Conditions;

/**
 * What a Deployment has. Pods that are going are not counted. Source: Kubernetes API, {@code DeploymentStatus}.
 *
 * @param observedGeneration the generation of the spec that all of this was decided for; the newest only once its ReplicaSet has
 *     reported on it
 * @param replicas how many pods there are
 * @param updatedReplicas how many of them are of the present template
 * @param readyReplicas how many of them are ready
 * @param availableReplicas how many of them have been ready for long enough
 * @param unavailableReplicas how many pods are still missing until all are available
 * @param collisionCount how often the name of a new ReplicaSet was taken
 * @param conditions {@code Available} and {@code Progressing}
 */
public record DeploymentStatus(
        long observedGeneration,
        int replicas,
        int updatedReplicas,
        int readyReplicas,
        int availableReplicas,
        int unavailableReplicas,
        int collisionCount,
        Conditions conditions) {
    /** Enough pods are available: as many as wanted, less those a rollout may take away. */
    public static final String AVAILABLE = "Available";
    /** A rollout goes on or is complete; its reason tells which. */
    public static final String PROGRESSING = "Progressing";
    /** The reason of {@code Progressing} when all pods are of the present template, and available. */
    public static final String COMPLETE_REASON = "NewReplicaSetAvailable";

    /** Whether enough pods are available. */
    public boolean available() {
        return conditions.holds(AVAILABLE);
    }

    /** Whether all wanted pods are of the present template and available, and there are no others. */
    public boolean complete() {
        return conditions
                .get(PROGRESSING)
                .filter(condition -> condition.reason().equals(COMPLETE_REASON))
                .isPresent();
    }
}
