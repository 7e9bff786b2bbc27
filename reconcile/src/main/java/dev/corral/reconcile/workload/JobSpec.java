package dev.corral.reconcile.workload;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a Job shall bring to an end. What is empty is filled in when it is stored, where something stands beside it. Its pods are
 * those that it has created: there is no selector. Source: Kubernetes API, {@code JobSpec}.
 *
 * @param parallelism how many pods may be active at once, 0 or more (1)
 * @param completions how many pods have to succeed, 0 or more (1 if parallelism is empty too); stays empty where one success is
 *     enough and means that the work is done
 * @param completionMode whether completions have an index
 * @param backoffLimit how many pods may fail, 0 or more (6; no limit with a limit per index)
 * @param backoffLimitPerIndex how many pods of one index may fail before the index has, 0 or more; only with indexes and the
 *     restart policy NEVER
 * @param maxFailedIndexes how many indexes may fail before all of them are given up
 * @param podFailurePolicy what a failed pod means, where not every failure is the same
 * @param successPolicy when it has succeeded although not all indexes have
 * @param activeDeadline how long it may take from its start on, at least a second
 * @param suspend whether it stands still: what is active is deleted, and nothing is created
 * @param ttlAfterFinished how long it stays, with its pods, after its end; for ever if empty
 * @param podReplacementPolicy when a pod that goes is replaced (TERMINATING_OR_FAILED; FAILED with a failure policy)
 * @param template what its pods look like; their restart policy is NEVER or ON_FAILURE
 */
public record JobSpec(
        Optional<Integer> parallelism,
        Optional<Integer> completions,
        CompletionMode completionMode,
        Optional<Integer> backoffLimit,
        Optional<Integer> backoffLimitPerIndex,
        Optional<Integer> maxFailedIndexes,
        Optional<PodFailurePolicy> podFailurePolicy,
        Optional<SuccessPolicy> successPolicy,
        Optional<Duration> activeDeadline,
        boolean suspend,
        Optional<Duration> ttlAfterFinished,
        Optional<PodReplacementPolicy> podReplacementPolicy,
        PodTemplate template) {

    /** One pod without containers, tried again up to 6 times. */
    public static JobSpec of(PodTemplate template) {
        return new JobSpec(
                Optional.empty(),
                Optional.empty(),
                CompletionMode.NON_INDEXED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty(),
                template);
    }

    public JobSpec parallelism(int pods) {
        return with(parts -> parts.parallelism = Optional.of(pods));
    }

    public JobSpec completions(int pods) {
        return with(parts -> parts.completions = Optional.of(pods));
    }

    public JobSpec completionMode(CompletionMode mode) {
        return with(parts -> parts.completionMode = mode);
    }

    public JobSpec backoffLimit(int failures) {
        return with(parts -> parts.backoffLimit = Optional.of(failures));
    }

    public JobSpec backoffLimitPerIndex(int failures) {
        return with(parts -> parts.backoffLimitPerIndex = Optional.of(failures));
    }

    public JobSpec maxFailedIndexes(int indexes) {
        return with(parts -> parts.maxFailedIndexes = Optional.of(indexes));
    }

    public JobSpec podFailurePolicy(PodFailurePolicy policy) {
        return with(parts -> parts.podFailurePolicy = Optional.of(policy));
    }

    public JobSpec successPolicy(SuccessPolicy policy) {
        return with(parts -> parts.successPolicy = Optional.of(policy));
    }

    public JobSpec activeDeadline(Duration deadline) {
        return with(parts -> parts.activeDeadline = Optional.of(deadline));
    }

    public JobSpec suspend(boolean suspended) {
        return with(parts -> parts.suspend = suspended);
    }

    public JobSpec ttlAfterFinished(Duration ttl) {
        return with(parts -> parts.ttlAfterFinished = Optional.of(ttl));
    }

    public JobSpec podReplacementPolicy(PodReplacementPolicy policy) {
        return with(parts -> parts.podReplacementPolicy = Optional.of(policy));
    }

    public JobSpec template(UnaryOperator<PodTemplate> edit) {
        return with(parts -> parts.template = edit.apply(template));
    }

    /** With what it leaves open filled in, as a stored one is. */
    JobSpec defaulted() {
        return with(parts -> {
            parts.completions = completions.or(() -> parallelism.isEmpty() ? Optional.of(1) : Optional.empty());
            parts.parallelism = parallelism.or(() -> Optional.of(1));
            parts.backoffLimit =
                    backoffLimit.or(() -> Optional.of(backoffLimitPerIndex.isPresent() ? Integer.MAX_VALUE : 6));
            parts.podReplacementPolicy = podReplacementPolicy.or(() -> Optional.of(
                    podFailurePolicy.isPresent()
                            ? PodReplacementPolicy.FAILED
                            : PodReplacementPolicy.TERMINATING_OR_FAILED));
        });
    }

    boolean indexed() {
        return completionMode == CompletionMode.INDEXED;
    }

    /** How many indexes there are; 0 without any. */
    int indexes() {
        return indexed() ? completions.orElse(0) : 0;
    }

    boolean replacesFailedOnly() {
        return podReplacementPolicy.filter(PodReplacementPolicy.FAILED::equals).isPresent();
    }

    private JobSpec with(Consumer<Parts> change) {
        Parts parts = new Parts(this);
        change.accept(parts);
        return parts.whole();
    }

    /** The components while one is exchanged. */
    private static final class Parts {
        private Optional<Integer> parallelism;
        private Optional<Integer> completions;
        private CompletionMode completionMode;
        private Optional<Integer> backoffLimit;
        private Optional<Integer> backoffLimitPerIndex;
        private Optional<Integer> maxFailedIndexes;
        private Optional<PodFailurePolicy> podFailurePolicy;
        private Optional<SuccessPolicy> successPolicy;
        private Optional<Duration> activeDeadline;
        private boolean suspend;
        private Optional<Duration> ttlAfterFinished;
        private Optional<PodReplacementPolicy> podReplacementPolicy;
        private PodTemplate template;

        Parts(JobSpec old) {
            this.parallelism = old.parallelism;
            this.completions = old.completions;
            this.completionMode = old.completionMode;
            this.backoffLimit = old.backoffLimit;
            this.backoffLimitPerIndex = old.backoffLimitPerIndex;
            this.maxFailedIndexes = old.maxFailedIndexes;
            this.podFailurePolicy = old.podFailurePolicy;
            this.successPolicy = old.successPolicy;
            this.activeDeadline = old.activeDeadline;
            this.suspend = old.suspend;
            this.ttlAfterFinished = old.ttlAfterFinished;
            this.podReplacementPolicy = old.podReplacementPolicy;
            this.template = old.template;
        }

        JobSpec whole() {
            return new JobSpec(
                    parallelism,
                    completions,
                    completionMode,
                    backoffLimit,
                    backoffLimitPerIndex,
                    maxFailedIndexes,
                    podFailurePolicy,
                    successPolicy,
                    activeDeadline,
                    suspend,
                    ttlAfterFinished,
                    podReplacementPolicy,
                    template);
        }
    }
}
