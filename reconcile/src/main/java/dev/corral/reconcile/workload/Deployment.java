package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.NameRule;
import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Equal pods that are kept running and replaced step by step when their template changes. Source: Kubernetes API,
 * {@code Deployment}.
 *
 * @param name a DNS label; its pods add a hash and a number to it
 */
public record Deployment(String name, Map<String, String> labels, DeploymentSpec spec)
        implements Declared<DeploymentSpec, DeploymentStatus> {
    /** The label that a Deployment made by {@link #named} puts on its pods and selects them by: its own name. */
    public static final String APP_LABEL = "app";

    public static final Kind<DeploymentSpec, DeploymentStatus> KIND = Kind.of(
                    "Deployment", DeploymentSpec.class, DeploymentStatus.class)
            .names(NameRule.DNS_LABEL)
            .validating(spec -> {
                Problems problems = Problems.in("spec");
                spec.validate(problems);
                return problems.list();
            })
            .validatingChanges((before, after) -> {
                Problems problems = Problems.in("spec");
                problems.at("selector")
                        .require(before.selector().equals(after.selector()), after.selector(), "it can't be changed");
                return problems.list();
            });

    /** Enough of the newest declared pods are available, or of those before them; holds all through a rollout. */
    public static final Predicate<Resource<DeploymentSpec, DeploymentStatus>> AVAILABLE =
            deployment -> observed(deployment) && deployment.status().available();

    /** The newest generation is fully rolled out: all pods are of its template and available, and there are no others. */
    public static final Predicate<Resource<DeploymentSpec, DeploymentStatus>> COMPLETE =
            deployment -> observed(deployment) && deployment.status().complete();

    public Deployment {
        labels = Copies.sorted(labels);
    }

    /** One replica of a pod without containers, replaced by quarters; it needs a container before it can be applied. */
    public static Deployment named(String name) {
        return new Deployment(
                name,
                Map.of(APP_LABEL, name),
                new DeploymentSpec(
                        1,
                        Duration.ZERO,
                        LabelSelector.of(APP_LABEL, name),
                        new PodTemplate(Map.of(APP_LABEL, name), PodSpec.empty()),
                        RollingUpdate.quarter(),
                        10));
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
        RollingUpdate update = spec.rollingUpdate();
        for (RollingUpdate.Bound bound : bounds) {
            update = bound.of(update);
        }
        RollingUpdate wanted = update;
        return spec(old -> old.rollingUpdate(wanted));
    }

    /** How long a pod must have been ready to count as available. */
    public Deployment minReady(Duration minReady) {
        return spec(old -> old.minReady(minReady));
    }

    /** From the deletion of a pod until what still runs of it is killed. */
    public Deployment terminationGracePeriod(Duration grace) {
        return template(template -> template.spec(pod -> pod.terminationGracePeriod(grace)));
    }

    /** A status from before the last change of the spec proves nothing. */
    private static boolean observed(Resource<DeploymentSpec, DeploymentStatus> deployment) {
        return deployment.status().observedGeneration() >= deployment.metadata().generation();
    }
}
