package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
import java.time.Duration;

/**
 * What a DaemonSet shall keep running. Source: Kubernetes API, {@code DaemonSetSpec}.
 *
 * @param selector which pods are meant; matches the template's labels and can't be changed
 * @param template what the pods look like; its node selector and tolerations say on which nodes
 * @param updateStrategy how they get a changed template
 * @param minReady how long a pod must have been ready to count as available, 0 or more
 * @param revisionHistoryLimit how many revisions that no pod has are kept, 0 or more
 */
public record DaemonSetSpec(
        LabelSelector selector,
        PodTemplate template,
        DaemonSetUpdateStrategy updateStrategy,
        Duration minReady,
        int revisionHistoryLimit) {
    public DaemonSetSpec template(PodTemplate template) {
        return new DaemonSetSpec(selector, template, updateStrategy, minReady, revisionHistoryLimit);
    }

    public DaemonSetSpec updateStrategy(DaemonSetUpdateStrategy strategy) {
        return new DaemonSetSpec(selector, template, strategy, minReady, revisionHistoryLimit);
    }

    public DaemonSetSpec minReady(Duration minReady) {
        return new DaemonSetSpec(selector, template, updateStrategy, minReady, revisionHistoryLimit);
    }

    public DaemonSetSpec revisionHistoryLimit(int limit) {
        return new DaemonSetSpec(selector, template, updateStrategy, minReady, limit);
    }

    void validate(Problems problems) {
        problems.at("minReady").require(!minReady.isNegative(), minReady, "it must be 0 or more");
        problems.at("revisionHistoryLimit")
                .require(revisionHistoryLimit >= 0, revisionHistoryLimit, "it must be 0 or more");
        if (updateStrategy instanceof DaemonSetUpdateStrategy.Rolling rolling) {
            Problems here = problems.at("updateStrategy.rollingUpdate");
            here.require(
                    rolling.maxSurge().amount() > 0 || rolling.maxUnavailable().amount() > 0,
                    "maxSurge " + rolling.maxSurge() + ", maxUnavailable " + rolling.maxUnavailable(),
                    "one of them must be more than 0, or nothing could ever be replaced");
            here.require(
                    rolling.maxSurge().amount() == 0 || rolling.maxUnavailable().amount() == 0,
                    "maxSurge " + rolling.maxSurge() + ", maxUnavailable " + rolling.maxUnavailable(),
                    "one of them must be 0: a node has either an old pod less or a new one more");
            here.at("maxSurge").require(rolling.maxSurge().atMostAll(), rolling.maxSurge(), "it must be at most 100%");
            here.at("maxUnavailable")
                    .require(rolling.maxUnavailable().atMostAll(), rolling.maxUnavailable(), "it must be at most 100%");
        }
        SelectorRules.validate(selector, problems.at("selector"), template.labels());
        template.validate(problems.at("template"));
    }
}
