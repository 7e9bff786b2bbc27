package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.NameRule;
import dev.corral.reconcile.Resource;
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
        implements Declared<StatefulSetSpec, StatefulSetStatus> {
    /** The label of a pod with its own name. */
    public static final String POD_NAME_LABEL = "statefulset.kubernetes.io/pod-name";
    /** The label of a pod with its ordinal. */
    public static final String POD_INDEX_LABEL = "apps.kubernetes.io/pod-index";

    public static final Kind<StatefulSetSpec, StatefulSetStatus> KIND = Kind.of(
                    "StatefulSet", StatefulSetSpec.class, StatefulSetStatus.class)
            .names(NameRule.DNS_LABEL)
            .validating(spec -> {
                Problems problems = Problems.of(spec);
                spec.validate(problems);
                return problems.list();
            })
            .validatingChanges((before, after) -> {
                Problems problems = Problems.in("spec");
                after.validateChange(problems, before);
                return problems.list();
            });

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
                name,
                labels,
                new StatefulSetSpec(
                        1,
                        0,
                        Optional.empty(),
                        LabelSelector.of(labels),
                        new PodTemplate(labels, PodSpec.empty()),
                        PodManagementPolicy.ORDERED_READY,
                        StatefulSetUpdateStrategy.rolling(),
                        10,
                        Duration.ZERO,
                        List.of(),
                        RetentionPolicy.retain(),
                        false));
    }

    @Override
    public Kind<StatefulSetSpec, StatefulSetStatus> kind() {
        return KIND;
    }

    public StatefulSet spec(UnaryOperator<StatefulSetSpec> edit) {
        return new StatefulSet(name, labels, edit.apply(spec));
    }

    public StatefulSet replicas(int replicas) {
        return spec(s -> new StatefulSetSpec(
                replicas,
                s.startOrdinal(),
                s.serviceName(),
                s.selector(),
                s.template(),
                s.podManagementPolicy(),
                s.updateStrategy(),
                s.revisionHistoryLimit(),
                s.minReady(),
                s.volumeClaimTemplates(),
                s.retentionPolicy(),
                s.forceProgress()));
    }

    /** The number of the first pod. */
    public StatefulSet startOrdinal(int first) {
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                first,
                s.serviceName(),
                s.selector(),
                s.template(),
                s.podManagementPolicy(),
                s.updateStrategy(),
                s.revisionHistoryLimit(),
                s.minReady(),
                s.volumeClaimTemplates(),
                s.retentionPolicy(),
                s.forceProgress()));
    }

    /** What the pods' host names belong to. */
    public StatefulSet serviceName(String service) {
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                s.startOrdinal(),
                Optional.of(service),
                s.selector(),
                s.template(),
                s.podManagementPolicy(),
                s.updateStrategy(),
                s.revisionHistoryLimit(),
                s.minReady(),
                s.volumeClaimTemplates(),
                s.retentionPolicy(),
                s.forceProgress()));
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
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                s.startOrdinal(),
                s.serviceName(),
                s.selector(),
                edit.apply(s.template()),
                s.podManagementPolicy(),
                s.updateStrategy(),
                s.revisionHistoryLimit(),
                s.minReady(),
                s.volumeClaimTemplates(),
                s.retentionPolicy(),
                s.forceProgress()));
    }

    /** Pods come and go all at once. */
    public StatefulSet parallel() {
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                s.startOrdinal(),
                s.serviceName(),
                s.selector(),
                s.template(),
                PodManagementPolicy.PARALLEL,
                s.updateStrategy(),
                s.revisionHistoryLimit(),
                s.minReady(),
                s.volumeClaimTemplates(),
                s.retentionPolicy(),
                s.forceProgress()));
    }

    public StatefulSet updateStrategy(StatefulSetUpdateStrategy strategy) {
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                s.startOrdinal(),
                s.serviceName(),
                s.selector(),
                s.template(),
                s.podManagementPolicy(),
                strategy,
                s.revisionHistoryLimit(),
                s.minReady(),
                s.volumeClaimTemplates(),
                s.retentionPolicy(),
                s.forceProgress()));
    }

    /** Only pods at this position and above get a changed template. */
    public StatefulSet partition(int position) {
        Optional<IntOrPercent> most = spec.updateStrategy() instanceof StatefulSetUpdateStrategy.Rolling rolling
                ? rolling.maxUnavailable()
                : Optional.empty();
        return updateStrategy(new StatefulSetUpdateStrategy.Rolling(Optional.of(position), most));
    }

    /** How many pods an update may make unavailable at a time. */
    public StatefulSet maxUnavailable(int pods) {
        Optional<Integer> partition = spec.updateStrategy() instanceof StatefulSetUpdateStrategy.Rolling rolling
                ? rolling.partition()
                : Optional.of(0);
        return updateStrategy(new StatefulSetUpdateStrategy.Rolling(partition, Optional.of(IntOrPercent.of(pods))));
    }

    /** A pod gets a changed template when somebody has deleted it. */
    public StatefulSet onDelete() {
        return updateStrategy(new StatefulSetUpdateStrategy.OnDelete());
    }

    public StatefulSet revisionHistoryLimit(int limit) {
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                s.startOrdinal(),
                s.serviceName(),
                s.selector(),
                s.template(),
                s.podManagementPolicy(),
                s.updateStrategy(),
                limit,
                s.minReady(),
                s.volumeClaimTemplates(),
                s.retentionPolicy(),
                s.forceProgress()));
    }

    /** How long a pod must have been ready to count as available. */
    public StatefulSet minReady(Duration minReady) {
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                s.startOrdinal(),
                s.serviceName(),
                s.selector(),
                s.template(),
                s.podManagementPolicy(),
                s.updateStrategy(),
                s.revisionHistoryLimit(),
                minReady,
                s.volumeClaimTemplates(),
                s.retentionPolicy(),
                s.forceProgress()));
    }

    /** Gives each pod a directory of its own, which outlives it. */
    public StatefulSet storage(String claim) {
        VolumeClaimTemplate template = new VolumeClaimTemplate(claim, new PersistentVolumeClaimSpec(Optional.empty()));
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                s.startOrdinal(),
                s.serviceName(),
                s.selector(),
                s.template(),
                s.podManagementPolicy(),
                s.updateStrategy(),
                s.revisionHistoryLimit(),
                s.minReady(),
                Copies.with(s.volumeClaimTemplates(), template),
                s.retentionPolicy(),
                s.forceProgress()));
    }

    /** What becomes of the directories when the set is deleted, and when it gets fewer pods. */
    public StatefulSet retention(RetentionPolicy.Retention whenDeleted, RetentionPolicy.Retention whenScaled) {
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                s.startOrdinal(),
                s.serviceName(),
                s.selector(),
                s.template(),
                s.podManagementPolicy(),
                s.updateStrategy(),
                s.revisionHistoryLimit(),
                s.minReady(),
                s.volumeClaimTemplates(),
                new RetentionPolicy(whenDeleted, whenScaled),
                s.forceProgress()));
    }

    /** A pod that an old template keeps from becoming available is replaced when the template changes. */
    public StatefulSet forceProgress(boolean force) {
        return spec(s -> new StatefulSetSpec(
                s.replicas(),
                s.startOrdinal(),
                s.serviceName(),
                s.selector(),
                s.template(),
                s.podManagementPolicy(),
                s.updateStrategy(),
                s.revisionHistoryLimit(),
                s.minReady(),
                s.volumeClaimTemplates(),
                s.retentionPolicy(),
                force));
    }
}
