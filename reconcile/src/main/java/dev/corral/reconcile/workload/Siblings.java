package dev.corral.reconcile.workload;

import dev.corral.reconcile.OwnerReference;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How many active pods of one application are on each node, such as those of a ReplicaSet and of the others of its Deployment. */
final class Siblings {
    private Siblings() {}

    /** By the name of the node; empty text for pods without one. */
    static Map<String, Integer> of(Snapshot snapshot, Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
        Optional<OwnerReference> owner = set.metadata().owner();
        List<Resource<ReplicaSetSpec, ReplicaSetStatus>> sets = owner.isPresent()
                ? snapshot.children(ReplicaSet.KIND, owner.get().uid())
                : List.of(set);
        return of(sets.stream()
                .flatMap(each -> snapshot.children(Pod.KIND, each.metadata().uid()).stream())
                .toList());
    }

    /** The same of pods that belong together. */
    static Map<String, Integer> of(Collection<Resource<PodSpec, PodStatus>> pods) {
        Map<String, Integer> counts = new HashMap<>();
        pods.stream()
                .filter(Pod::active)
                .forEach(pod -> counts.merge(pod.spec().nodeName().orElse(""), 1, Integer::sum));
        return counts;
    }
}
