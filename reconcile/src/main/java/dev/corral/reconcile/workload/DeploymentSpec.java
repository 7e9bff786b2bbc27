package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
import java.time.Duration;
import java.util.Optional;

/**
 * What a Deployment shall keep running, and how it gets from one template to the next. Source: Kubernetes API,
 * {@code DeploymentSpec}.
 *
 * @param replicas how many pods, 0 or more
 * @param minReady how long a pod must have been ready to count as available, 0 or more
 * @param selector which pods are meant; matches the template's labels and can't be changed
 * @param template what the pods look like; changing it starts a rollout
 * @param strategy how the pods of one template are replaced by those of the next
 * @param revisionHistoryLimit how many old ReplicaSets without pods are kept to go back to, 0 or more
 * @param paused whether a changed template waits
 * @param progressDeadline how long a rollout may go on without any progress until it counts as failed, more than
 *     {@code minReady}; empty for ever
 */
public record DeploymentSpec(
        int replicas,
        Duration minReady,
        LabelSelector selector,
        PodTemplate template,
        DeploymentStrategy strategy,
        int revisionHistoryLimit,
        boolean paused,
        Optional<Duration> progressDeadline) {
    /** One replica, replaced by quarters, 10 revisions to go back to, 10 min to make progress. */
    static DeploymentSpec of(LabelSelector selector, PodTemplate template) {
        return new DeploymentSpec(
                1,
                Duration.ZERO,
                selector,
                template,
                RollingUpdate.quarter(),
                10,
                false,
                Optional.of(Duration.ofMinutes(10)));
    }

    public DeploymentSpec replicas(int replicas) {
        return new DeploymentSpec(
                replicas, minReady, selector, template, strategy, revisionHistoryLimit, paused, progressDeadline);
    }

    public DeploymentSpec minReady(Duration minReady) {
        return new DeploymentSpec(
                replicas, minReady, selector, template, strategy, revisionHistoryLimit, paused, progressDeadline);
    }

    public DeploymentSpec selector(LabelSelector selector) {
        return new DeploymentSpec(
                replicas, minReady, selector, template, strategy, revisionHistoryLimit, paused, progressDeadline);
    }

    public DeploymentSpec template(PodTemplate template) {
        return new DeploymentSpec(
                replicas, minReady, selector, template, strategy, revisionHistoryLimit, paused, progressDeadline);
    }

    public DeploymentSpec strategy(DeploymentStrategy strategy) {
        return new DeploymentSpec(
                replicas, minReady, selector, template, strategy, revisionHistoryLimit, paused, progressDeadline);
    }

    public DeploymentSpec revisionHistoryLimit(int limit) {
        return new DeploymentSpec(replicas, minReady, selector, template, strategy, limit, paused, progressDeadline);
    }

    public DeploymentSpec paused(boolean paused) {
        return new DeploymentSpec(
                replicas, minReady, selector, template, strategy, revisionHistoryLimit, paused, progressDeadline);
    }

    public DeploymentSpec progressDeadline(Optional<Duration> deadline) {
        return new DeploymentSpec(
                replicas, minReady, selector, template, strategy, revisionHistoryLimit, paused, deadline);
    }

    /** How many pods more than wanted there may be; no more than can be counted together with those. */
    int surge() {
        return Math.min(strategy.surge(replicas), Problems.MOST);
    }

    /** How many of the wanted pods may be missing. */
    int unavailable() {
        return strategy.unavailable(replicas);
    }

    void validate(Problems problems) {
        problems.amount("replicas", replicas);
        problems.at("minReady").require(!minReady.isNegative(), minReady, "it must be 0 or more");
        problems.at("revisionHistoryLimit")
                .require(revisionHistoryLimit >= 0, revisionHistoryLimit, "it must be 0 or more");
        progressDeadline.ifPresent(deadline -> problems.at("progressDeadline")
                .require(deadline.compareTo(minReady) > 0, deadline, "it must be more than minReady, " + minReady));
        if (strategy instanceof RollingUpdate update) {
            update.validate(problems.at("strategy.rollingUpdate"));
        }
        SelectorRules.validate(selector, problems.at("selector"), template.labels());
        template.validate(problems.at("template"));
    }
}
