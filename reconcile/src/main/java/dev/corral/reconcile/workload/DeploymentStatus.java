package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import java.time.Instant;
import java.util.Optional;

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
 * @param lastProgress when the present rollout last made progress, began or was resumed; empty before the first one
 * @param conditions {@code Available}, {@code Progressing}, and {@code ReplicaFailure} while pods can't be created
 */
public record DeploymentStatus(
        long observedGeneration,
        int replicas,
        int updatedReplicas,
        int readyReplicas,
        int availableReplicas,
        int unavailableReplicas,
        int collisionCount,
        Optional<Instant> lastProgress,
        Conditions conditions) {
    /** Enough pods are available: as many as wanted, less those a rollout may take away. */
    public static final String AVAILABLE = "Available";
    /** A rollout goes on or is complete; its reason tells which. */
    public static final String PROGRESSING = "Progressing";
    /** The reason of {@code Progressing} when all pods are of the present template, and available. */
    public static final String COMPLETE_REASON = "NewReplicaSetAvailable";
    /** The reason of {@code Progressing} when a rollout has made no progress for too long. */
    public static final String DEADLINE_REASON = "ProgressDeadlineExceeded";

    /** Whether enough pods are available. */
    public boolean available() {
        return conditions.holds(AVAILABLE);
    }

    /** Whether a rollout has failed: it made no progress for too long. Old pods go on serving. */
    public boolean failed() {
        return progressing(DEADLINE_REASON);
    }

    DeploymentStatus progress(Optional<Instant> last, Conditions changed) {
        return new DeploymentStatus(
                observedGeneration,
                replicas,
                updatedReplicas,
                readyReplicas,
                availableReplicas,
                unavailableReplicas,
                collisionCount,
                last,
                changed);
    }

    boolean progressing(String reason) {
        return conditions
                .get(PROGRESSING)
                .map(Condition::reason)
                .filter(reason::equals)
                .isPresent();
    }
}
