package dev.corral.reconcile.workload;

import dev.corral.reconcile.Kind;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.NameRule;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One pod on each node that its template's node selector and tolerations allow. Source: Kubernetes API, {@code DaemonSet}.
 *
 * @param name a DNS label
 */
public record DaemonSet(String name, Map<String, String> labels, DaemonSetSpec spec)
        implements Revisioned<DaemonSetSpec, DaemonSetStatus> {
    public static final Kind<DaemonSetSpec, DaemonSetStatus> KIND = Kind.of(
                    "DaemonSet", DaemonSetSpec.class, DaemonSetStatus.class)
            .names(NameRule.DNS_LABEL)
            .validating(Problems.checking(DaemonSetSpec::validate))
            .validatingChanges(Problems.checkingChanges(
                    (before, after, problems) -> problems.unchanged("selector", before.selector(), after.selector())));

    /** Each node that shall have a pod has one of the newest template that is available, and no other node has one. */
    public static final Predicate<Resource<DaemonSetSpec, DaemonSetStatus>> COMPLETE =
            set -> set.status().observedGeneration() >= set.metadata().generation()
                    && set.status().updatedNumberScheduled() == set.status().desiredNumberScheduled()
                    && set.status().numberAvailable() == set.status().desiredNumberScheduled()
                    && set.status().numberMisscheduled() == 0;

    public DaemonSet {
        labels = Copies.sorted(labels);
    }

    /** A pod without containers for each node, replaced one after the other; it needs a container before it can be applied. */
    public static DaemonSet named(String name) {
        Map<String, String> labels = Map.of(Deployment.APP_LABEL, name);
        return new DaemonSet(
                name,
                labels,
                new DaemonSetSpec(
                        LabelSelector.of(labels),
                        new PodTemplate(labels, PodSpec.empty()),
                        DaemonSetUpdateStrategy.rolling(),
                        Duration.ZERO,
                        10));
    }

    @Override
    public Kind<DaemonSetSpec, DaemonSetStatus> kind() {
        return KIND;
    }

    public DaemonSet spec(UnaryOperator<DaemonSetSpec> edit) {
        return new DaemonSet(name, labels, edit.apply(spec));
    }

    /** Edits the only container, named {@code main} if there was none; with several it is an IllegalArgumentException. */
    public DaemonSet container(UnaryOperator<Container> edit) {
        return template(template -> template.spec(pod -> pod.container(edit)));
    }

    public DaemonSet template(UnaryOperator<PodTemplate> edit) {
        return spec(old -> old.template(edit.apply(old.template())));
    }

    /** Only on nodes that have this label. */
    public DaemonSet nodeSelector(String key, String value) {
        return template(template -> template.spec(pod -> pod.nodeSelector(key, value)));
    }

    /** Also on nodes that have such a taint. */
    public DaemonSet toleration(Toleration toleration) {
        return template(template -> template.spec(pod -> pod.toleration(toleration)));
    }

    /** On how many nodes at a time a new pod runs beside the old one before that goes. */
    public DaemonSet maxSurge(int nodes) {
        return spec(old ->
                old.updateStrategy(new DaemonSetUpdateStrategy.Rolling(IntOrPercent.of(nodes), IntOrPercent.of(0))));
    }

    /** On how many nodes at a time there may be no available pod while they are replaced. */
    public DaemonSet maxUnavailable(int nodes) {
        return spec(old ->
                old.updateStrategy(new DaemonSetUpdateStrategy.Rolling(IntOrPercent.of(0), IntOrPercent.of(nodes))));
    }

    /** A pod gets a changed template when somebody has deleted it. */
    public DaemonSet onDelete() {
        return spec(old -> old.updateStrategy(new DaemonSetUpdateStrategy.OnDelete()));
    }

    /** How long a pod must have been ready to count as available. */
    public DaemonSet minReady(Duration minReady) {
        return spec(old -> old.minReady(minReady));
    }

    @Override
    public List<Revision> history(Snapshot snapshot, Resource<DaemonSetSpec, DaemonSetStatus> stored) {
        return Revisions.history(snapshot, stored.metadata(), stored.spec().template());
    }

    @Override
    public DaemonSetSpec withTemplate(DaemonSetSpec old, PodTemplate template) {
        return old.template(template);
    }
}
