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
 * Pods with names of their own, {@code <set>-0}, {@code <set>-1} and so on: a pod that is replaced comes back under its name,
 * with its directories. Source: Kubernetes API, {@code StatefulSet}.
 *
 * @param name a DNS label
 */
public record StatefulSet(String name, Map<String, String> labels, StatefulSetSpec spec)
        implements Revisioned<StatefulSetSpec, StatefulSetStatus> {
    /** The label of a pod with its own name. */
    public static final String POD_NAME_LABEL = "statefulset.kubernetes.io/pod-name";
    /** The label of a pod with its ordinal. */
    public static final String POD_INDEX_LABEL = "apps.kubernetes.io/pod-index";

    public static final Kind<StatefulSetSpec, StatefulSetStatus> KIND = Kind.of(
                    "StatefulSet", StatefulSetSpec.class, StatefulSetStatus.class)
            .names(NameRule.DNS_LABEL)
            .validating(Problems.checking(StatefulSetSpec::validate))
            .validatingChanges(
                    Problems.checkingChanges((before, after, problems) -> after.validateChange(problems, before)));

    /** All pods are of the newest template and available, and there are no others. */
    public static final Predicate<Resource<StatefulSetSpec, StatefulSetStatus>> COMPLETE =
            set -> set.status().observedGeneration() >= set.metadata().generation()
                    && set.status().replicas() == set.spec().replicas()
                    && set.status().updatedReplicas() == set.spec().replicas()
                    && set.status().availableReplicas() == set.spec().replicas();

    public StatefulSet {
        labels = Copies.sorted(labels);
    }

    /** One replica of a pod without containers, in order; it needs a container before it can be applied. */
    public static StatefulSet named(String name) {
        Map<String, String> labels = Map.of(Deployment.APP_LABEL, name);
        return new StatefulSet(
                name, labels, StatefulSetSpec.of(LabelSelector.of(labels), new PodTemplate(labels, PodSpec.empty())));
    }

    @Override
    public Kind<StatefulSetSpec, StatefulSetStatus> kind() {
        return KIND;
    }

    public StatefulSet spec(UnaryOperator<StatefulSetSpec> edit) {
        return new StatefulSet(name, labels, edit.apply(spec));
    }

    public StatefulSet replicas(int replicas) {
        return spec(old -> old.replicas(replicas));
    }

    /** The number of the first pod. */
    public StatefulSet startOrdinal(int first) {
        return spec(old -> old.startOrdinal(first));
    }

    /** What the pods' host names belong to. */
    public StatefulSet serviceName(String service) {
        return spec(old -> old.serviceName(service));
    }

    /** Edits the only container, named {@code main} if there was none; with several it is an IllegalArgumentException. */
    public StatefulSet container(UnaryOperator<Container> edit) {
        return template(template -> template.spec(pod -> pod.container(edit)));
    }

    /** Edits the container of a name, adding it if absent. */
    public StatefulSet container(String container, UnaryOperator<Container> edit) {
        return template(template -> template.spec(pod -> pod.container(container, edit)));
    }

    public StatefulSet template(UnaryOperator<PodTemplate> edit) {
        return spec(old -> old.template(edit.apply(old.template())));
    }

    /** Pods come and go all at once. */
    public StatefulSet parallel() {
        return spec(old -> old.podManagementPolicy(PodManagementPolicy.PARALLEL));
    }

    public StatefulSet updateStrategy(StatefulSetUpdateStrategy strategy) {
        return spec(old -> old.updateStrategy(strategy));
    }

    /** Only pods at this position and above get a changed template. */
    public StatefulSet partition(int position) {
        return updateStrategy(new StatefulSetUpdateStrategy.Rolling(Optional.of(position), mostUnavailable()));
    }

    /** How many pods an update may make unavailable at a time. */
    public StatefulSet maxUnavailable(int pods) {
        return maxUnavailable(IntOrPercent.of(pods));
    }

    /** A percentage such as {@code 25%}, rounded down and at least 1; anything else is an IllegalArgumentException. */
    public StatefulSet maxUnavailable(String percentage) {
        return maxUnavailable(IntOrPercent.parse(percentage));
    }

    private StatefulSet maxUnavailable(IntOrPercent most) {
        Optional<Integer> partition = spec.updateStrategy() instanceof StatefulSetUpdateStrategy.Rolling rolling
                ? rolling.partition()
                : Optional.of(0);
        return updateStrategy(new StatefulSetUpdateStrategy.Rolling(partition, Optional.of(most)));
    }

    private Optional<IntOrPercent> mostUnavailable() {
        return spec.updateStrategy() instanceof StatefulSetUpdateStrategy.Rolling rolling
                ? rolling.maxUnavailable()
                : Optional.empty();
    }

    /** A pod gets a changed template when somebody has deleted it. */
    public StatefulSet onDelete() {
        return updateStrategy(new StatefulSetUpdateStrategy.OnDelete());
    }

    /** How many revisions that no pod has are kept to go back to. */
    public StatefulSet revisionHistoryLimit(int limit) {
        return spec(old -> old.revisionHistoryLimit(limit));
    }

    /** How long a pod must have been ready to count as available. */
    public StatefulSet minReady(Duration minReady) {
        return spec(old -> old.minReady(minReady));
    }

    /** Gives each pod a directory of its own, which outlives it. */
    public StatefulSet storage(String claim) {
        VolumeClaimTemplate template = new VolumeClaimTemplate(claim, new PersistentVolumeClaimSpec(Optional.empty()));
        return spec(old -> old.volumeClaimTemplate(template));
    }

    /** What becomes of the directories when the set is deleted, and when it gets fewer pods. */
    public StatefulSet retention(RetentionPolicy.Retention whenDeleted, RetentionPolicy.Retention whenScaled) {
        return spec(old -> old.retentionPolicy(new RetentionPolicy(whenDeleted, whenScaled)));
    }

    /** A pod that an old template keeps from becoming available is replaced when the template changes. */
    public StatefulSet forceProgress(boolean force) {
        return spec(old -> old.forceProgress(force));
    }

    @Override
    public List<Revision> history(Snapshot snapshot, Resource<StatefulSetSpec, StatefulSetStatus> stored) {
        return Revisions.history(snapshot, stored.metadata(), stored.spec().template());
    }

    @Override
    public StatefulSetSpec withTemplate(StatefulSetSpec old, PodTemplate template) {
        return old.template(template);
    }
}
