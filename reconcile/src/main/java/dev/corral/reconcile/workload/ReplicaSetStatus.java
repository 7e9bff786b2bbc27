package dev.corral.reconcile.workload;

/**
 * What a ReplicaSet has. Pods that are going, or have ended for good, are not counted. Source: Kubernetes API,
 * {@code ReplicaSetStatus}.
 *
 * @param observedGeneration the generation of the spec that all of this was decided for
 * @param replicas how many pods there are, started or not
 * @param fullyLabeledReplicas how many of them carry all labels of the template
 * @param readyReplicas how many of them are ready
 * @param availableReplicas how many of them have been ready for long enough
 */
public record ReplicaSetStatus(
        long observedGeneration, int replicas, int fullyLabeledReplicas, int readyReplicas, int availableReplicas) {}
