package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.NameRule;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A number of equal pods, as somebody wants them. Source: Kubernetes API, {@code ReplicaSet}.
 *
 * @param name a DNS label; its pods add a number to it
 */
public record ReplicaSet(String name, Map<String, String> labels, Map<String, String> annotations, ReplicaSetSpec spec)
        implements Declared<ReplicaSetSpec, ReplicaSetStatus> {
    public static final Kind<ReplicaSetSpec, ReplicaSetStatus> KIND = Kind.of(
                    "ReplicaSet", ReplicaSetSpec.class, ReplicaSetStatus.class)
            .names(NameRule.DNS_LABEL)
            .validating(Problems.checking(ReplicaSetSpec::validate))
            .validatingChanges(Problems.checkingChanges(
                    (before, after, problems) -> problems.unchanged("selector", before.selector(), after.selector())));

    public ReplicaSet {
        labels = Copies.sorted(labels);
        annotations = Copies.sorted(annotations);
    }

    public ReplicaSet(String name, Map<String, String> labels, ReplicaSetSpec spec) {
        this(name, labels, Map.of(), spec);
    }

    /** One replica of a pod without containers, selected by the label {@code app}; it needs a container before it can be applied. */
    public static ReplicaSet named(String name) {
        Map<String, String> labels = Map.of(Deployment.APP_LABEL, name);
        return new ReplicaSet(
                name,
                labels,
                new ReplicaSetSpec(
                        1, Duration.ZERO, LabelSelector.of(labels), new PodTemplate(labels, PodSpec.empty())));
    }

    public ReplicaSet spec(UnaryOperator<ReplicaSetSpec> edit) {
        return new ReplicaSet(name, labels, annotations, edit.apply(spec));
    }

    public ReplicaSet replicas(int replicas) {
        return new ReplicaSet(name, labels, annotations, spec.replicas(replicas));
    }

    /** Edits the only container, named {@code main} if there was none; with several it is an IllegalArgumentException. */
    public ReplicaSet container(UnaryOperator<Container> edit) {
        return template(template -> template.spec(pod -> pod.container(edit)));
    }

    public ReplicaSet template(UnaryOperator<PodTemplate> edit) {
        return new ReplicaSet(name, labels, annotations, spec.template(edit.apply(spec.template())));
    }

    /** How long a pod must have been ready to count as available. */
    public ReplicaSet minReady(Duration minReady) {
        return new ReplicaSet(name, labels, annotations, spec.minReady(minReady));
    }

    @Override
    public Kind<ReplicaSetSpec, ReplicaSetStatus> kind() {
        return KIND;
    }
}
