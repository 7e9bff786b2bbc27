package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
import java.time.Duration;

/**
 * What a ReplicaSet shall keep running. Source: Kubernetes API, {@code ReplicaSetSpec}.
 *
 * @param replicas how many pods, 0 or more
 * @param minReady how long a pod must have been ready to count as available, 0 or more
 * @param selector which pods are meant; matches the template's labels
 * @param template what a new pod looks like
 */
public record ReplicaSetSpec(int replicas, Duration minReady, LabelSelector selector, PodTemplate template) {
    public ReplicaSetSpec replicas(int replicas) {
        return new ReplicaSetSpec(replicas, minReady, selector, template);
    }

    public ReplicaSetSpec minReady(Duration minReady) {
        return new ReplicaSetSpec(replicas, minReady, selector, template);
    }

    public ReplicaSetSpec template(PodTemplate template) {
        return new ReplicaSetSpec(replicas, minReady, selector, template);
    }

    public ReplicaSetSpec selector(LabelSelector selector) {
        return new ReplicaSetSpec(replicas, minReady, selector, template);
    }

    void validate(Problems problems) {
        problems.amount("replicas", replicas);
        problems.at("minReady").require(!minReady.isNegative(), minReady, "it must be 0 or more");
        SelectorRules.validate(selector, problems.at("selector"), template.labels());
        template.validate(problems.at("template"));
    }
}
