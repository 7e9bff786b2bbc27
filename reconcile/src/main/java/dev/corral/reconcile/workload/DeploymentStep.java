package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one pass does to the ReplicaSets of a Deployment.
 *
 * @param sizes how many pods each of those that exist shall have, by uid
 * @param created how many the one of the present template shall have, if it is made now
 * @param resizing whether the Deployment was resized, which each ReplicaSet with pods notes
 */
record DeploymentStep(Map<String, Integer> sizes, OptionalInt created, boolean resizing) {
    DeploymentStep {
        sizes = Map.copyOf(sizes);
    }

    /** Everything stays. */
    static DeploymentStep none(ReplicaSets sets) {
        return new DeploymentStep(sets.sizes(), OptionalInt.empty(), false);
    }

    int size(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
        return sizes.getOrDefault(set.metadata().uid(), set.spec().replicas());
    }

    /** Whether some ReplicaSet becomes larger by it. */
    boolean grows(ReplicaSets sets) {
        return created.orElse(0) > 0
                || sets.all().stream().anyMatch(set -> size(set) > set.spec().replicas());
    }

    boolean changes(ReplicaSets sets) {
        return created.isPresent() || !sizes.equals(sets.sizes());
    }

    /** One step of a rolling update. */
    static DeploymentStep rolling(ReplicaSets sets, Rollout rollout) {
        Rollout next = rollout.next();
        Map<String, Integer> sizes = sets.sizes();
        List<Resource<ReplicaSetSpec, ReplicaSetStatus>> old = sets.old();
        for (int i = 0; i < old.size(); i++) {
            sizes.put(old.get(i).metadata().uid(), next.old().get(i).wanted());
        }
        int fresh = next.fresh().wanted();
        sets.fresh().ifPresent(set -> sizes.put(set.metadata().uid(), fresh));
        return new DeploymentStep(sizes, sets.fresh().isPresent() ? OptionalInt.empty() : OptionalInt.of(fresh), false);
    }

    /** One step of a recreation: nothing new before the last old pod is gone. */
    static DeploymentStep recreating(ReplicaSets sets, int replicas) {
        Map<String, Integer> sizes = sets.sizes();
        List<Resource<ReplicaSetSpec, ReplicaSetStatus>> old = sets.old();
        old.forEach(set -> sizes.put(set.metadata().uid(), 0));
        boolean gone = old.stream()
                .allMatch(set -> ReplicaSets.empty(set) && set.status().terminatingReplicas() == 0);
        if (!gone) {
            return new DeploymentStep(sizes, OptionalInt.empty(), false);
        }
        sets.fresh().ifPresent(set -> sizes.put(set.metadata().uid(), replicas));
        return new DeploymentStep(
                sizes, sets.fresh().isPresent() ? OptionalInt.empty() : OptionalInt.of(replicas), false);
    }

    /** The step by which a Deployment gets another size, whatever its rollout does. */
    static DeploymentStep resized(ReplicaSets sets, DeploymentSpec spec, int replicasBefore) {
        List<Resource<ReplicaSetSpec, ReplicaSetStatus>> active = sets.active();
        Map<String, Integer> sizes = sets.sizes();
        if (active.size() <= 1) {
            theOne(sets, active).ifPresent(set -> sizes.put(set.metadata().uid(), spec.replicas()));
        } else if (sets.fresh().filter(set -> saturated(set, spec)).isPresent()) {
            sets.old().forEach(set -> sizes.put(set.metadata().uid(), 0));
        } else if (spec.strategy() instanceof RollingUpdate) {
            List<Integer> shares = new Proportions(
                            spec.replicas(),
                            spec.surge(),
                            active.stream()
                                    .map(set -> new Proportions.Share(
                                            set.spec().replicas(),
                                            ReplicaSets.number(set, ReplicaSets.MOST)
                                                    .orElse(replicasBefore)))
                                    .toList())
                    .sizes();
            for (int i = 0; i < active.size(); i++) {
                sizes.put(active.get(i).metadata().uid(), shares.get(i));
            }
        }
        return new DeploymentStep(sizes, OptionalInt.empty(), true);
    }

    /** The only one with pods; or else that of the present template, or else the newest. */
    private static Optional<Resource<ReplicaSetSpec, ReplicaSetStatus>> theOne(
            ReplicaSets sets, List<Resource<ReplicaSetSpec, ReplicaSetStatus>> active) {
        return active.stream()
                .findFirst()
                .or(sets::fresh)
                .or(() -> sets.all().stream().reduce((earlier, later) -> later));
    }

    private static boolean saturated(Resource<ReplicaSetSpec, ReplicaSetStatus> fresh, DeploymentSpec spec) {
        return fresh.spec().replicas() == spec.replicas()
                && ReplicaSets.number(fresh, ReplicaSets.DESIRED).orElse(-1) == spec.replicas()
                && fresh.status().availableReplicas() == spec.replicas();
    }
}
