package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
import java.time.Duration;

/**
 * What a Deployment shall keep running, and how it gets from one template to the next. Source: Kubernetes API,
 * {@code DeploymentSpec}.
 *
 * @param replicas how many pods, 0 or more
 * @param minReady how long a pod must have been ready to count as available, 0 or more
 * @param selector which pods are meant; matches the template's labels
 * @param template what the pods look like; changing it starts a rollout
 * @param rollingUpdate how far a rollout may go at a time
 * @param revisionHistoryLimit how many old ReplicaSets without pods are kept, 0 or more
 */
public record DeploymentSpec(
        int replicas,
        Duration minReady,
        LabelSelector selector,
        PodTemplate template,
        RollingUpdate rollingUpdate,
        int revisionHistoryLimit) {
    public DeploymentSpec replicas(int replicas) {
        return new DeploymentSpec(replicas, minReady, selector, template, rollingUpdate, revisionHistoryLimit);
    }

    public DeploymentSpec minReady(Duration minReady) {
        return new DeploymentSpec(replicas, minReady, selector, template, rollingUpdate, revisionHistoryLimit);
    }

    public DeploymentSpec selector(LabelSelector selector) {
        return new DeploymentSpec(replicas, minReady, selector, template, rollingUpdate, revisionHistoryLimit);
    }

    public DeploymentSpec template(PodTemplate template) {
        return new DeploymentSpec(replicas, minReady, selector, template, rollingUpdate, revisionHistoryLimit);
    }

    public DeploymentSpec rollingUpdate(RollingUpdate rollingUpdate) {
        return new DeploymentSpec(replicas, minReady, selector, template, rollingUpdate, revisionHistoryLimit);
    }

    public DeploymentSpec revisionHistoryLimit(int limit) {
        return new DeploymentSpec(replicas, minReady, selector, template, rollingUpdate, limit);
    }

    void validate(Problems problems) {
        problems.at("replicas").require(replicas >= 0, replicas, "it must be 0 or more");
        problems.at("minReady").require(!minReady.isNegative(), minReady, "it must be 0 or more");
        problems.at("revisionHistoryLimit")
                .require(revisionHistoryLimit >= 0, revisionHistoryLimit, "it must be 0 or more");
        rollingUpdate.validate(problems.at("rollingUpdate"));
        SelectorRules.validate(selector, problems.at("selector"), template.labels());
        template.validate(problems.at("template"));
    }
}
