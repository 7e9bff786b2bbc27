package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Keeps one ReplicaSet for each template that a Deployment had and shifts its pods to that of the present one. Pure. Source:
 * Kubernetes, the Deployment controller.
 */
public final class DeploymentController {
    /** Leaves room for the numbers of pods. */
    private static final int LONGEST_SET_NAME = 52;

    private DeploymentController() {}

    /** One pass: one step of the rollout. */
    public static Plan<DeploymentStatus> reconcile(Context<DeploymentSpec, DeploymentStatus> deployment) {
        return new Round(deployment).plan();
    }

    /** One pass over one Deployment. */
    private static final class Round {
        private final Context<DeploymentSpec, DeploymentStatus> deployment;
        private final DeploymentSpec spec;
        private final Optional<Resource<ReplicaSetSpec, ReplicaSetStatus>> fresh;
        private final List<Resource<ReplicaSetSpec, ReplicaSetStatus>> old;

        Round(Context<DeploymentSpec, DeploymentStatus> deployment) {
            this.deployment = deployment;
            this.spec = deployment.spec();
            List<Resource<ReplicaSetSpec, ReplicaSetStatus>> sets = deployment.children(ReplicaSet.KIND).stream()
                    .filter(set -> !set.metadata().terminating())
                    .sorted(Comparator.<Resource<ReplicaSetSpec, ReplicaSetStatus>, Instant>comparing(
                                    set -> set.metadata().created())
                            .thenComparing(set -> set.metadata().uid()))
                    .toList();
            // The oldest one: of two with the same template, always the same is taken.
            this.fresh = sets.stream()
                    .filter(set -> set.spec().template().sameAs(spec.template()))
                    .findFirst();
            this.old = sets.stream()
                    .filter(set -> fresh.isEmpty() || !set.equals(fresh.get()))
                    .toList();
        }

        Plan<DeploymentStatus> plan() {
            Rollout next = rollout().next();
            boolean caughtUp = fresh.filter(set -> observed(set)
                            && set.spec()
                                    .equals(resized(set, next.fresh().wanted(), spec)
                                            .spec()))
                    .isPresent();
            int collisions = fresh.isPresent() ? deployment.status().collisionCount() : collisions();
            List<Declared<?, ?>> sets = new ArrayList<>();
            sets.add(fresh.map(set -> resized(set, next.fresh().wanted(), spec))
                    .orElseGet(() -> created(collisions, next.fresh().wanted())));
            int history = history();
            for (int i = 0; i < old.size(); i++) {
                Resource<ReplicaSetSpec, ReplicaSetStatus> set = old.get(i);
                if (!settled(set) || history-- <= spec.revisionHistoryLimit()) {
                    sets.add(resized(set, next.old().get(i).wanted()));
                }
            }
            return Plan.<DeploymentStatus>children(sets).status(status(collisions, caughtUp));
        }

        private Rollout rollout() {
            RollingUpdate update = spec.rollingUpdate();
            return new Rollout(
                    spec.replicas(),
                    update.surge(spec.replicas()),
                    update.unavailable(spec.replicas()),
                    fresh.map(this::freshSize).orElseGet(() -> new Rollout.Size(0, 0)),
                    old.stream().map(Round::size).toList());
        }

        /** What was available by another {@code minReady}, or may have been, replaces no old pod. */
        private Rollout.Size freshSize(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
            boolean counts =
                    set.spec().minReady().equals(spec.minReady()) && (observed(set) || decidedForThisGeneration());
            return counts
                    ? size(set)
                    : new Rollout.Size(set.status().replicas(), set.spec().replicas(), 0);
        }

        private static Rollout.Size size(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
            return new Rollout.Size(
                    set.status().replicas(), set.spec().replicas(), set.status().availableReplicas());
        }

        /** How many old ReplicaSets there are to go back to. */
        private int history() {
            return (int) old.stream().filter(Round::settled).count();
        }

        private static boolean settled(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
            return set.spec().replicas() == 0 && set.status().replicas() == 0 && observed(set);
        }

        /** A status from before the last change of the spec proves nothing. */
        private static boolean observed(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
            return set.status().observedGeneration() >= set.metadata().generation();
        }

        private boolean decidedForThisGeneration() {
            return deployment.status().observedGeneration()
                    >= deployment.metadata().generation();
        }

        private ReplicaSet created(int collisions, int replicas) {
            String hash = spec.template().hash(collisions);
            PodTemplate template = spec.template().label(PodTemplate.HASH_LABEL, hash);
            return new ReplicaSet(
                    Names.child(deployment.name(), hash, LONGEST_SET_NAME),
                    template.labels(),
                    new ReplicaSetSpec(
                            replicas, spec.minReady(), spec.selector().and(PodTemplate.HASH_LABEL, hash), template));
        }

        private static ReplicaSet resized(Resource<ReplicaSetSpec, ReplicaSetStatus> set, int replicas) {
            return new ReplicaSet(
                    set.name(), set.metadata().labels(), set.spec().replicas(replicas));
        }

        private static ReplicaSet resized(
                Resource<ReplicaSetSpec, ReplicaSetStatus> set, int replicas, DeploymentSpec spec) {
            ReplicaSet same = resized(set, replicas);
            return new ReplicaSet(same.name(), same.labels(), same.spec().minReady(spec.minReady()));
        }

        /** How often a name has to be found anew until it is not taken by anything. */
        private int collisions() {
            int collisions = deployment.status().collisionCount();
            while (deployment
                    .get(ReplicaSet.KIND, created(collisions, 0).name())
                    .isPresent()) {
                collisions++;
            }
            return collisions;
        }

        /**
         * The generation that the numbers are for: the present one only when the fresh ReplicaSet has once reported on all that
         * it asks for. From then on only sizes change, and those the numbers tell.
         */
        private long generation(boolean caughtUp) {
            return caughtUp || decidedForThisGeneration()
                    ? deployment.metadata().generation()
                    : deployment.status().observedGeneration();
        }

        private DeploymentStatus status(int collisions, boolean caughtUp) {
            int wanted = sum(set -> set.spec().replicas());
            int replicas = sum(set -> set.status().replicas());
            int updated = fresh.map(set -> set.status().replicas()).orElse(0);
            int available = sum(set -> set.status().availableReplicas());
            boolean enough = available >= spec.replicas() - spec.rollingUpdate().unavailable(spec.replicas());
            boolean complete = caughtUp
                    && old.stream().allMatch(Round::settled)
                    && updated == spec.replicas()
                    && replicas == updated
                    && available == updated;
            long generation = generation(caughtUp);
            Conditions conditions = deployment
                    .status()
                    .conditions()
                    .with(condition(
                            generation,
                            DeploymentStatus.AVAILABLE,
                            enough,
                            enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                            available + " of " + spec.replicas() + " replicas are available"))
                    .with(condition(
                            generation,
                            DeploymentStatus.PROGRESSING,
                            true,
                            complete ? DeploymentStatus.COMPLETE_REASON : "ReplicaSetUpdated",
                            updated + " of " + spec.replicas() + " replicas are of the present template"));
            return new DeploymentStatus(
                    generation,
                    replicas,
                    updated,
                    sum(set -> set.status().readyReplicas()),
                    available,
                    Math.max(0, wanted - available),
                    collisions,
                    conditions);
        }

        private Condition condition(long generation, String type, boolean holds, String reason, String message) {
            return new Condition(type, Condition.Status.of(holds), reason, message, generation, deployment.now());
        }

        private int sum(ToIntFunction<Resource<ReplicaSetSpec, ReplicaSetStatus>> number) {
            return Stream.concat(fresh.stream(), old.stream()).mapToInt(number).sum();
        }
    }
}
