package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a rollout goes on. It is measured by a clock of its own, which moves with each progress: the time of a condition's
 * last transition stays while the condition holds.
 *
 * @param numbers the new status but for that
 * @param created whether the ReplicaSet of the present template is made now
 * @param beginning whether it was there, without pods, and gets some now
 * @param complete whether all pods are of the present template, and available
 */
record DeploymentProgress(
        Context<DeploymentSpec, DeploymentStatus> deployment,
        DeploymentStatus numbers,
        boolean created,
        boolean beginning,
        boolean complete) {
    private static final String PAUSED = "DeploymentPaused";
    private static final String RESUMED = "DeploymentResumed";
    /** The deadline is over only after it. */
    private static final Duration TICK = Duration.ofMillis(1);

    /** When to look whether a rollout has made no progress for too long; empty if that isn't to be feared. */
    static Optional<Instant> deadline(DeploymentSpec spec, DeploymentStatus status) {
        boolean watched = !spec.isPaused()
                && status.conditions().get(DeploymentStatus.PROGRESSING).isPresent()
                && !status.progressing(DeploymentStatus.COMPLETE_REASON)
                && !status.failed();
        return watched
                ? spec.progressDeadline()
                        .flatMap(deadline -> status.lastProgress()
                                .map(last -> last.plus(deadline).plus(TICK)))
                : Optional.empty();
    }

    /** The status with its condition, and the clock. */
    DeploymentStatus status(boolean rolloutWaits) {
        DeploymentStatus before = deployment.status();
        DeploymentSpec spec = deployment.spec();
        if (spec.progressDeadline().isPresent() && !before.failed()) {
            boolean wasPaused = before.progressing(PAUSED);
            if (spec.isPaused() && !wasPaused) {
                return with(Condition.Status.UNKNOWN, PAUSED, "it is paused", numbers.lastProgress());
            }
            if (!spec.isPaused() && wasPaused) {
                return with(Condition.Status.UNKNOWN, RESUMED, "it goes on", Optional.of(deployment.now()));
            }
        }
        return rolloutWaits ? numbers : rolling(before, spec);
    }

    private DeploymentStatus rolling(DeploymentStatus before, DeploymentSpec spec) {
        Optional<Instant> now = Optional.of(deployment.now());
        String share = numbers.updatedReplicas() + " of " + spec.replicas() + " replicas are of the present template";
        boolean wasComplete = before.progressing(DeploymentStatus.COMPLETE_REASON);
        if (created) {
            return with(Condition.Status.TRUE, "NewReplicaSetCreated", share, now);
        }
        if (wasComplete && numbers.replicas() == numbers.updatedReplicas() && !beginning) {
            return complete
                    ? with(Condition.Status.TRUE, DeploymentStatus.COMPLETE_REASON, share, numbers.lastProgress())
                    : numbers;
        }
        if (complete) {
            return with(Condition.Status.TRUE, DeploymentStatus.COMPLETE_REASON, share, now);
        }
        if (before.conditions().get(DeploymentStatus.PROGRESSING).isEmpty() || (wasComplete && beginning)) {
            return with(Condition.Status.TRUE, "FoundNewReplicaSet", share, now);
        }
        if (progressed(before)) {
            return with(Condition.Status.TRUE, "ReplicaSetUpdated", share, now);
        }
        if (!wasComplete && timedOut(spec)) {
            return with(
                    Condition.Status.FALSE,
                    DeploymentStatus.DEADLINE_REASON,
                    share + "; no progress for " + spec.progressDeadline().orElseThrow(),
                    numbers.lastProgress());
        }
        return numbers;
    }

    private boolean progressed(DeploymentStatus before) {
        return numbers.updatedReplicas() > before.updatedReplicas()
                || numbers.replicas() - numbers.updatedReplicas() < before.replicas() - before.updatedReplicas()
                || numbers.readyReplicas() > before.readyReplicas()
                || numbers.availableReplicas() > before.availableReplicas();
    }

    private boolean timedOut(DeploymentSpec spec) {
        return numbers.failed()
                || spec.progressDeadline()
                        .flatMap(deadline -> numbers.lastProgress().map(last -> last.plus(deadline)))
                        .filter(end -> end.isBefore(deployment.now()))
                        .isPresent();
    }

    private DeploymentStatus with(
            Condition.Status holds, String reason, String message, Optional<Instant> lastProgress) {
        Condition condition = new Condition(
                DeploymentStatus.PROGRESSING, holds, reason, message, numbers.observedGeneration(), deployment.now());
        return numbers.progress(lastProgress, numbers.conditions().with(condition));
    }
}
