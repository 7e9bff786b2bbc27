package dev.corral.reconcile.workload;

import dev.corral.reconcile.Conditions;

/**
 * What a ReplicaSet has. Pods that are going, or have ended for good, are not counted. Source: Kubernetes API,
 * {@code ReplicaSetStatus}.
 *
 * @param observedGeneration the generation of the spec that all of this was decided for
 * @param replicas how many pods there are, started or not
 * @param fullyLabeledReplicas how many of them carry all labels of the template
 * @param readyReplicas how many of them are ready
 * @param availableReplicas how many of them have been ready for long enough
 * @param terminatingReplicas how many pods besides are going and have not ended
 * @param conditions {@code ReplicaFailure} while pods can't be created or deleted
 */
public record ReplicaSetStatus(
        long observedGeneration,
        int replicas,
        int fullyLabeledReplicas,
        int readyReplicas,
        int availableReplicas,
        int terminatingReplicas,
        Conditions conditions) {
    /** Pods can't be created or deleted; its message says why. */
    public static final String REPLICA_FAILURE = "ReplicaFailure";

    ReplicaSetStatus conditions(Conditions conditions) {
        return new ReplicaSetStatus(
                observedGeneration,
                replicas,
                fullyLabeledReplicas,
                readyReplicas,
                availableReplicas,
                terminatingReplicas,
                conditions);
    }
}
