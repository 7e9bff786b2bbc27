package dev.corral.reconcile.workload;

import dev.corral.reconcile.Kind;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.NameRule;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Equal pods that are kept running and replaced step by step when their template changes. Source: Kubernetes API,
 * {@code Deployment}.
 *
 * @param name a DNS label; its pods add a hash and a number to it
 */
public record Deployment(String name, Map<String, String> labels, DeploymentSpec spec)
        implements Revisioned<DeploymentSpec, DeploymentStatus> {
    /** The label that a Deployment made by {@link #named} puts on its pods and selects them by: its own name. */
    public static final String APP_LABEL = "app";

    public static final Kind<DeploymentSpec, DeploymentStatus> KIND = Kind.of(
                    "Deployment", DeploymentSpec.class, DeploymentStatus.class)
            .names(NameRule.DNS_LABEL)
            .validating(Problems.checking(DeploymentSpec::validate))
            .validatingChanges(Problems.checkingChanges(
                    (before, after, problems) -> problems.unchanged("selector", before.selector(), after.selector())));

    /** Enough of the newest declared pods are available, or of those before them; holds all through a rollout. */
    public static final Predicate<Resource<DeploymentSpec, DeploymentStatus>> AVAILABLE =
            deployment -> observed(deployment) && deployment.status().available();

    /** The newest generation is fully rolled out: all pods are of its template and available, and there are no others. */
    public static final Predicate<Resource<DeploymentSpec, DeploymentStatus>> COMPLETE =
            deployment -> observed(deployment) && complete(deployment.spec().replicas(), deployment.status());

    /** The rollout of the newest generation has made no progress for too long; it can still be changed, or undone. */
    public static final Predicate<Resource<DeploymentSpec, DeploymentStatus>> FAILED =
            deployment -> observed(deployment) && deployment.status().failed();

    public Deployment {
        labels = Copies.sorted(labels);
    }

    /** One replica of a pod without containers, replaced by quarters; it needs a container before it can be applied. */
    public static Deployment named(String name) {
        return new Deployment(
                name,
                Map.of(APP_LABEL, name),
                DeploymentSpec.of(
                        LabelSelector.of(APP_LABEL, name), new PodTemplate(Map.of(APP_LABEL, name), PodSpec.empty())));
    }

    @Override
    public Kind<DeploymentSpec, DeploymentStatus> kind() {
        return KIND;
    }

    public Deployment spec(UnaryOperator<DeploymentSpec> edit) {
        return new Deployment(name, labels, edit.apply(spec));
    }

    public Deployment replicas(int replicas) {
        return spec(old -> old.replicas(replicas));
    }

    /** Edits the only container, named {@code main} if there was none; with several it is an IllegalArgumentException. */
    public Deployment container(UnaryOperator<Container> edit) {
        return template(template -> template.spec(pod -> pod.container(edit)));
    }

    /** Edits the container of a name, adding it if absent. */
    public Deployment container(String container, UnaryOperator<Container> edit) {
        return template(template -> template.spec(pod -> pod.container(container, edit)));
    }

    public Deployment template(UnaryOperator<PodTemplate> edit) {
        return spec(old -> old.template(edit.apply(old.template())));
    }

    /** How far a rollout may go at a time: see {@link RollingUpdate#maxSurge} and {@link RollingUpdate#maxUnavailable}. */
    public Deployment rollingUpdate(RollingUpdate.Bound... bounds) {
        RollingUpdate update = spec.strategy() instanceof RollingUpdate known ? known : RollingUpdate.quarter();
        for (RollingUpdate.Bound bound : bounds) {
            update = bound.of(update);
        }
        RollingUpdate wanted = update;
        return spec(old -> old.strategy(wanted));
    }

    /** Ends all old pods before the first new one is started. */
    public Deployment recreate() {
        return spec(old -> old.strategy(new Recreate()));
    }

    /** Whether a changed template waits, so that several changes become one rollout. */
    public Deployment paused(boolean paused) {
        return spec(old -> old.paused(paused));
    }

    /** How long a rollout may go on without any progress until it counts as failed. */
    public Deployment progressDeadline(Duration deadline) {
        return spec(old -> old.progressDeadline(Optional.of(deadline)));
    }

    /** How many old revisions are kept to go back to. */
    public Deployment revisionHistoryLimit(int limit) {
        return spec(old -> old.revisionHistoryLimit(limit));
    }

    /** How long a pod must have been ready to count as available. */
    public Deployment minReady(Duration minReady) {
        return spec(old -> old.minReady(minReady));
    }

    /** From the deletion of a pod until what still runs of it is killed. */
    public Deployment terminationGracePeriod(Duration grace) {
        return template(template -> template.spec(pod -> pod.terminationGracePeriod(grace)));
    }

    @Override
    public List<Revision> history(Snapshot snapshot, Resource<DeploymentSpec, DeploymentStatus> stored) {
        return ReplicaSets.history(snapshot, stored);
    }

    @Override
    public DeploymentSpec withTemplate(DeploymentSpec old, PodTemplate template) {
        return old.template(template);
    }

    private static boolean complete(int replicas, DeploymentStatus status) {
        return status.updatedReplicas() == replicas
                && status.replicas() == replicas
                && status.availableReplicas() == replicas;
    }

    /** A status from before the last change of the spec proves nothing. */
    private static boolean observed(Resource<DeploymentSpec, DeploymentStatus> deployment) {
        return deployment.status().observedGeneration() >= deployment.metadata().generation();
    }
}
