package dev.corral.reconcile.workload;

import dev.corral.reconcile.LabelSelector;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

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
 * @param paused whether a changed template waits; empty for what was said otherwise, and if nothing was, not
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
        Optional<Boolean> paused,
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
                Optional.empty(),
                Optional.of(Duration.ofMinutes(10)));
    }

    public DeploymentSpec replicas(int pods) {
        return with(fields -> fields.replicas = pods);
    }

    public DeploymentSpec minReady(Duration ready) {
        return with(fields -> fields.minReady = ready);
    }

    public DeploymentSpec selector(LabelSelector which) {
        return with(fields -> fields.selector = which);
    }

    public DeploymentSpec template(PodTemplate pods) {
        return with(fields -> fields.template = pods);
    }

    public DeploymentSpec strategy(DeploymentStrategy steps) {
        return with(fields -> fields.strategy = steps);
    }

    public DeploymentSpec revisionHistoryLimit(int limit) {
        return with(fields -> fields.revisionHistoryLimit = limit);
    }

    public DeploymentSpec paused(boolean waits) {
        return with(fields -> fields.paused = Optional.of(waits));
    }

    public DeploymentSpec progressDeadline(Optional<Duration> deadline) {
        return with(fields -> fields.progressDeadline = deadline);
    }

    /** Whether a changed template waits. */
    public boolean isPaused() {
        return paused.orElse(false);
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

    private DeploymentSpec with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.spec();
    }

    /** A copy that can be changed, so that each change names its field only. */
    private static final class Fields {
        int replicas;
        Duration minReady;
        LabelSelector selector;
        PodTemplate template;
        DeploymentStrategy strategy;
        int revisionHistoryLimit;
        Optional<Boolean> paused;
        Optional<Duration> progressDeadline;

        Fields(DeploymentSpec spec) {
            replicas = spec.replicas;
            minReady = spec.minReady;
            selector = spec.selector;
            template = spec.template;
            strategy = spec.strategy;
            revisionHistoryLimit = spec.revisionHistoryLimit;
            paused = spec.paused;
            progressDeadline = spec.progressDeadline;
        }

        DeploymentSpec spec() {
            return new DeploymentSpec(
                    replicas, minReady, selector, template, strategy, revisionHistoryLimit, paused, progressDeadline);
        }
    }
}
