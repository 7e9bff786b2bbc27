package dev.corral.reconcile.workload;

import java.util.Map;

/**
 * What a StatefulSet has. Source: Kubernetes API, {@code StatefulSetStatus}.
 *
 * @param observedGeneration the generation of the spec that all of this was decided for
 * @param replicas how many pods there are, those that are going included
 * @param readyReplicas how many of them are ready
 * @param availableReplicas how many of them have been ready for long enough
 * @param currentReplicas how many are of the current revision and stay
 * @param updatedReplicas how many are of the update revision and stay
 * @param currentRevision the revision that all pods had before the present update; empty before the first pass
 * @param updateRevision the revision of the present template
 * @param collisionCount how often the name of a new revision was taken
 * @param backOffs how long the pod of a name that has given up was waited for before it was replaced last
 */
public record StatefulSetStatus(
        long observedGeneration,
        int replicas,
        int readyReplicas,
        int availableReplicas,
        int currentReplicas,
        int updatedReplicas,
        String currentRevision,
        String updateRevision,
        int collisionCount,
        Map<String, BackOff> backOffs) {
    public StatefulSetStatus {
        backOffs = Copies.sorted(backOffs);
    }
}
