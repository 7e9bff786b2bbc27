package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.NameRule;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a StatefulSet shall keep running. Source: Kubernetes API, {@code StatefulSetSpec}.
 *
 * @param replicas how many pods, 0 or more
 * @param startOrdinal the number of the first pod, 0 or more
 * @param serviceName what the pods' host names belong to, a DNS label; can't be changed
 * @param selector which pods are meant; matches the template's labels and can't be changed
 * @param template what the pods look like
 * @param podManagementPolicy in which order they come and go; can't be changed
 * @param updateStrategy how they get a changed template
 * @param revisionHistoryLimit how many revisions that no pod has are kept, 0 or more
 * @param minReady how long a pod must have been ready to count as available, 0 or more
 * @param volumeClaimTemplates a directory for each pod, names unique; can't be changed
 * @param retentionPolicy what becomes of the directories
 * @param forceProgress whether a pod that an old template keeps from becoming available is replaced when the template changes;
 *     without it somebody has to delete it. Kubernetes has no word for it
 */
public record StatefulSetSpec(
        int replicas,
        int startOrdinal,
        Optional<String> serviceName,
        LabelSelector selector,
        PodTemplate template,
        PodManagementPolicy podManagementPolicy,
        StatefulSetUpdateStrategy updateStrategy,
        int revisionHistoryLimit,
        Duration minReady,
        List<VolumeClaimTemplate> volumeClaimTemplates,
        RetentionPolicy retentionPolicy,
        boolean forceProgress) {

    public StatefulSetSpec {
        volumeClaimTemplates = List.copyOf(volumeClaimTemplates);
    }

    /** One pod, in order, updated one at a time, with 10 revisions to go back to; directories stay. */
    static StatefulSetSpec of(LabelSelector selector, PodTemplate template) {
        return new StatefulSetSpec(
                1,
                0,
                Optional.empty(),
                selector,
                template,
                PodManagementPolicy.ORDERED_READY,
                StatefulSetUpdateStrategy.rolling(),
                10,
                Duration.ZERO,
                List.of(),
                RetentionPolicy.retain(),
                false);
    }

    public StatefulSetSpec replicas(int pods) {
        return with(fields -> fields.replicas = pods);
    }

    public StatefulSetSpec startOrdinal(int first) {
        return with(fields -> fields.startOrdinal = first);
    }

    public StatefulSetSpec serviceName(String service) {
        return with(fields -> fields.serviceName = Optional.of(service));
    }

    public StatefulSetSpec selector(LabelSelector which) {
        return with(fields -> fields.selector = which);
    }

    public StatefulSetSpec template(PodTemplate pods) {
        return with(fields -> fields.template = pods);
    }

    public StatefulSetSpec podManagementPolicy(PodManagementPolicy policy) {
        return with(fields -> fields.podManagementPolicy = policy);
    }

    public StatefulSetSpec updateStrategy(StatefulSetUpdateStrategy strategy) {
        return with(fields -> fields.updateStrategy = strategy);
    }

    public StatefulSetSpec revisionHistoryLimit(int limit) {
        return with(fields -> fields.revisionHistoryLimit = limit);
    }

    public StatefulSetSpec minReady(Duration ready) {
        return with(fields -> fields.minReady = ready);
    }

    /** With one more directory for each pod. */
    public StatefulSetSpec volumeClaimTemplate(VolumeClaimTemplate claim) {
        return with(fields -> fields.volumeClaimTemplates = Copies.with(volumeClaimTemplates, claim));
    }

    public StatefulSetSpec retentionPolicy(RetentionPolicy policy) {
        return with(fields -> fields.retentionPolicy = policy);
    }

    public StatefulSetSpec forceProgress(boolean force) {
        return with(fields -> fields.forceProgress = force);
    }

    /** The position of an ordinal; not one of the wanted ones if below 0 or not below the number of replicas. */
    int position(int ordinal) {
        return ordinal - startOrdinal;
    }

    boolean wants(int ordinal) {
        return position(ordinal) >= 0 && position(ordinal) < replicas;
    }

    void validate(Problems problems) {
        problems.amount("replicas", replicas);
        problems.at("startOrdinal").require(startOrdinal >= 0, startOrdinal, "it must be 0 or more");
        problems.at("startOrdinal")
                .require(
                        (long) startOrdinal + replicas <= 1_000_000_000L,
                        startOrdinal,
                        "with the replicas it must be at most 1000000000");
        serviceName.ifPresent(name -> problems.at("serviceName").rule(NameRule.DNS_LABEL, name));
        problems.at("revisionHistoryLimit")
                .require(revisionHistoryLimit >= 0, revisionHistoryLimit, "it must be 0 or more");
        problems.at("minReady").require(!minReady.isNegative(), minReady, "it must be 0 or more");
        if (updateStrategy instanceof StatefulSetUpdateStrategy.Rolling rolling) {
            Problems here = problems.at("updateStrategy.rollingUpdate");
            rolling.partition()
                    .ifPresent(partition ->
                            here.at("partition").require(partition >= 0, partition, "it must be 0 or more"));
            rolling.maxUnavailable().ifPresent(most -> {
                here.at("maxUnavailable").require(most.amount() > 0, most, "it must be more than 0");
                here.at("maxUnavailable").require(most.atMostAll(), most, "it must be at most 100%");
            });
        }
        problems.each("volumeClaimTemplates", volumeClaimTemplates, (claim, here) -> {
            here.at("name").rule(NameRule.DNS_LABEL, claim.name());
            claim.spec().validate(here.at("spec"));
        });
        problems.unique(
                "volumeClaimTemplates",
                volumeClaimTemplates.stream().map(VolumeClaimTemplate::name).toList());
        SelectorRules.validate(selector, problems.at("selector"), template.labels());
        new PodTemplate(template.labels(), withClaims(template.spec(), claim -> claim))
                .validate(problems.at("template"));
    }

    /** The same pod with a volume for each claim, named as its template; one of that name in the pod is replaced. */
    PodSpec withClaims(PodSpec pod, UnaryOperator<String> claimName) {
        PodSpec all = pod;
        for (VolumeClaimTemplate claim : volumeClaimTemplates) {
            all = all.volume(Volume.claim(claim.name(), claimName.apply(claim.name())));
        }
        return all;
    }

    void validateChange(Problems problems, StatefulSetSpec before) {
        problems.unchanged("selector", before.selector, selector);
        problems.unchanged("serviceName", before.serviceName, serviceName);
        problems.unchanged("podManagementPolicy", before.podManagementPolicy, podManagementPolicy);
        problems.at("volumeClaimTemplates")
                .require(
                        volumeClaimTemplates.equals(before.volumeClaimTemplates),
                        volumeClaimTemplates.stream()
                                .map(VolumeClaimTemplate::name)
                                .toList(),
                        Problems.UNCHANGEABLE);
    }

    private StatefulSetSpec with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.spec();
    }

    /** A copy that can be changed, so that each change names its field only. */
    private static final class Fields {
        int replicas;
        int startOrdinal;
        Optional<String> serviceName;
        LabelSelector selector;
        PodTemplate template;
        PodManagementPolicy podManagementPolicy;
        StatefulSetUpdateStrategy updateStrategy;
        int revisionHistoryLimit;
        Duration minReady;
        List<VolumeClaimTemplate> volumeClaimTemplates;
        RetentionPolicy retentionPolicy;
        boolean forceProgress;

        Fields(StatefulSetSpec spec) {
            replicas = spec.replicas;
            startOrdinal = spec.startOrdinal;
            serviceName = spec.serviceName;
            selector = spec.selector;
            template = spec.template;
            podManagementPolicy = spec.podManagementPolicy;
            updateStrategy = spec.updateStrategy;
            revisionHistoryLimit = spec.revisionHistoryLimit;
            minReady = spec.minReady;
            volumeClaimTemplates = spec.volumeClaimTemplates;
            retentionPolicy = spec.retentionPolicy;
            forceProgress = spec.forceProgress;
        }

        StatefulSetSpec spec() {
            return new StatefulSetSpec(
                    replicas,
                    startOrdinal,
                    serviceName,
                    selector,
                    template,
                    podManagementPolicy,
                    updateStrategy,
                    revisionHistoryLimit,
                    minReady,
                    volumeClaimTemplates,
                    retentionPolicy,
                    forceProgress);
        }
    }
}
