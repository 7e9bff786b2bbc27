package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One pass over one Deployment. */
final class DeploymentRound {
    /** Leaves room for the numbers of pods. */
    private static final int LONGEST_SET_NAME = 52;

    private final Context<DeploymentSpec, DeploymentStatus> deployment;
    private final DeploymentSpec spec;
    private final ReplicaSets sets;
    private final DeploymentStep step;
    private final int collisions;

    DeploymentRound(Context<DeploymentSpec, DeploymentStatus> deployment) {
        this.deployment = deployment;
        this.spec = deployment.spec();
        this.sets = ReplicaSets.of(deployment);
        DeploymentStep wanted = wanted();
        // What was made smaller keeps its pods until it says so: nothing grows into the room that they still take.
        this.step = wanted.grows(sets) && !sets.observed() ? DeploymentStep.none(sets) : wanted;
        this.collisions =
                step.created().isPresent() ? collisions() : deployment.status().collisionCount();
    }

    private DeploymentStep wanted() {
        if (spec.isPaused() || wasResized()) {
            return DeploymentStep.resized(sets, spec, deployment.status().replicas());
        }
        return spec.strategy() instanceof Recreate
                ? DeploymentStep.recreating(sets, spec.replicas())
                : DeploymentStep.rolling(sets, rollout());
    }

    /** Whether the Deployment has another size than when its ReplicaSets got theirs. */
    private boolean wasResized() {
        return sets.active().stream()
                .flatMap(set -> ReplicaSets.number(set, ReplicaSets.DESIRED).stream())
                .anyMatch(desired -> desired != spec.replicas());
    }

    private Rollout rollout() {
        return new Rollout(
                spec.replicas(),
                spec.surge(),
                spec.unavailable(),
                sets.fresh().map(this::freshSize).orElseGet(() -> new Rollout.Size(0, 0)),
                sets.old().stream()
                        .map(set -> size(set, set.status().availableReplicas()))
                        .toList());
    }

    /** What was available by another {@code minReady}, or may have been, replaces no old pod. */
    private Rollout.Size freshSize(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
        boolean counts = set.spec().minReady().equals(spec.minReady())
                && (ReplicaSets.observed(set) || decidedForThisGeneration());
        return size(set, counts ? set.status().availableReplicas() : 0);
    }

    private static Rollout.Size size(Resource<ReplicaSetSpec, ReplicaSetStatus> set, int available) {
        return new Rollout.Size(set.status().replicas(), set.spec().replicas(), available);
    }

    Plan<DeploymentStatus> plan() {
        boolean caughtUp = caughtUp();
        DeploymentStatus status = status(caughtUp);
        boolean pruning = spec.isPaused() || finished(status);
        List<Resource<ReplicaSetSpec, ReplicaSetStatus>> pruned =
                pruning && !step.changes(sets) ? sets.beyond(spec.revisionHistoryLimit()) : List.of();
        List<Declared<?, ?>> children = new ArrayList<>();
        step.created().ifPresent(size -> children.add(created(collisions, size)));
        sets.all().stream().filter(set -> !pruned.contains(set)).forEach(set -> children.add(updated(set)));
        Plan<DeploymentStatus> plan = Plan.<DeploymentStatus>children(children).status(status);
        for (Resource<ReplicaSetSpec, ReplicaSetStatus> set : sets.all()) {
            if (step.size(set) != set.spec().replicas()) {
                plan = plan.event(
                        "ScalingReplicaSet",
                        "ReplicaSet " + set.name() + " goes from " + set.spec().replicas() + " to " + step.size(set));
            }
        }
        if (step.resizing() && !spec.isPaused()) {
            plan = plan.wakeAt(deployment.now());
        }
        return DeploymentProgress.deadline(spec, status).map(plan::wakeAt).orElse(plan);
    }

    private boolean finished(DeploymentStatus status) {
        return sets.fresh().isPresent()
                && status.updatedReplicas() == spec.replicas()
                && status.replicas() == spec.replicas()
                && status.availableReplicas() == spec.replicas();
    }

    /** Whether every number is about all that the present spec asks for. */
    private boolean caughtUp() {
        if (sets.fresh().isEmpty()) {
            return spec.isPaused() && sets.observed() && !step.changes(sets);
        }
        Resource<ReplicaSetSpec, ReplicaSetStatus> set = sets.fresh().get();
        return ReplicaSets.observed(set) && set.spec().equals(updated(set).spec());
    }

    private boolean decidedForThisGeneration() {
        return deployment.status().observedGeneration() >= deployment.metadata().generation();
    }

    /** How often a name has to be found anew until it is not taken by anything. */
    private int collisions() {
        int count = deployment.status().collisionCount();
        while (deployment.get(ReplicaSet.KIND, created(count, 0).name()).isPresent()) {
            count++;
        }
        return count;
    }

    private ReplicaSet created(int collisions, int replicas) {
        String hash = spec.template().hash(collisions);
        PodTemplate template = spec.template().label(PodTemplate.HASH_LABEL, hash);
        Map<String, String> notes = noted(new HashMap<>());
        notes.put(ReplicaSets.REVISION, Integer.toString(sets.nextRevision()));
        return new ReplicaSet(
                Names.child(deployment.name(), hash, LONGEST_SET_NAME),
                template.labels(),
                notes,
                new ReplicaSetSpec(
                        replicas, spec.minReady(), spec.selector().and(PodTemplate.HASH_LABEL, hash), template));
    }

    private ReplicaSet updated(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
        boolean fresh = sets.isFresh(set);
        int size = step.size(set);
        Map<String, String> notes = new HashMap<>();
        for (String note : List.of(ReplicaSets.REVISION, ReplicaSets.DESIRED, ReplicaSets.MOST)) {
            ReplicaSets.number(set, note).ifPresent(number -> notes.put(note, Integer.toString(number)));
        }
        if (fresh) {
            int revision = Math.max(ReplicaSets.revision(set), sets.nextRevision());
            notes.put(ReplicaSets.REVISION, Integer.toString(revision));
        }
        boolean resized = size != set.spec().replicas() || (step.resizing() && size > 0);
        return new ReplicaSet(
                set.name(),
                set.metadata().labels(),
                resized ? noted(notes) : notes,
                set.spec()
                        .replicas(size)
                        .minReady(fresh ? spec.minReady() : set.spec().minReady()));
    }

    private Map<String, String> noted(Map<String, String> notes) {
        notes.put(ReplicaSets.DESIRED, Integer.toString(spec.replicas()));
        notes.put(ReplicaSets.MOST, Integer.toString(spec.replicas() + spec.surge()));
        return notes;
    }

    private DeploymentStatus status(boolean caughtUp) {
        int wanted = sets.sum(set -> set.spec().replicas());
        int available = sets.sum(set -> set.status().availableReplicas());
        // The generation that the numbers are for: the present one only when the fresh ReplicaSet has once reported on
        // all
        // that it asks for. From then on only sizes change, and those the numbers tell.
        long generation = caughtUp || decidedForThisGeneration()
                ? deployment.metadata().generation()
                : deployment.status().observedGeneration();
        DeploymentStatus numbers = new DeploymentStatus(
                generation,
                sets.sum(set -> set.status().replicas()),
                sets.fresh().map(set -> set.status().replicas()).orElse(0),
                sets.sum(set -> set.status().readyReplicas()),
                available,
                Math.max(0, wanted - available),
                collisions,
                deployment.status().lastProgress(),
                conditions(generation, available));
        boolean beginning = step.created().isEmpty()
                && sets.fresh()
                        .filter(set -> set.spec().replicas() == 0 && step.size(set) > 0)
                        .isPresent();
        return new DeploymentProgress(
                        deployment, numbers, step.created().isPresent(), beginning, caughtUp && finished(numbers))
                .status(spec.isPaused() || step.resizing());
    }

    private Conditions conditions(long generation, int available) {
        boolean enough = available >= spec.replicas() - spec.unavailable();
        Conditions conditions = deployment
                .status()
                .conditions()
                .with(new Condition(
                        DeploymentStatus.AVAILABLE,
                        Condition.Status.of(enough),
                        enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                        available + " of " + spec.replicas() + " replicas are available",
                        generation,
                        deployment.now()));
        return Stream.concat(sets.fresh().stream(), sets.old().stream())
                .flatMap(set -> set.status().conditions().get(ReplicaSetStatus.REPLICA_FAILURE).stream())
                .findFirst()
                .map(conditions::with)
                .orElseGet(() -> conditions.without(ReplicaSetStatus.REPLICA_FAILURE));
    }
}
