package dev.corral.reconcile.workload;

import java.time.Duration;
import java.util.Optional;

/** What a Job may be, and what of it may change. Source: Kubernetes, the validation of {@code batch/v1}. */
final class JobRules {
    /** An indexed job with a limit per index can't have more indexes than that. */
    static final int MOST_INDEXES = 100_000;
    /** More than that only with few at once and few failures, or the lists of indexes grow too long. */
    static final int MANY_INDEXES = 10_000;

    private JobRules() {}

    static void validate(JobSpec job, Problems problems) {
        job.parallelism().ifPresent(pods -> problems.amount("parallelism", pods));
        atLeast(0, job.completions(), problems.at("completions"));
        atLeast(0, job.backoffLimit(), problems.at("backoffLimit"));
        atLeast(0, job.backoffLimitPerIndex(), problems.at("backoffLimitPerIndex"));
        atLeast(0, job.maxFailedIndexes(), problems.at("maxFailedIndexes"));
        job.activeDeadline()
                .ifPresent(deadline -> problems.at("activeDeadline")
                        .require(
                                deadline.compareTo(Duration.ofSeconds(1)) >= 0,
                                deadline,
                                "it must be a second or more"));
        job.ttlAfterFinished()
                .ifPresent(
                        ttl -> problems.at("ttlAfterFinished").require(!ttl.isNegative(), ttl, "it must be 0 or more"));
        indexes(job, problems);
        policies(job, problems);
        job.template().labels().keySet().stream()
                .filter(JobPods.LABELS::contains)
                .forEach(key -> problems.at("template.labels").require(false, key, "the Job itself sets this label"));
        job.template().validate(problems.at("template"), RestartPolicy.ON_FAILURE, RestartPolicy.NEVER);
    }

    private static void indexes(JobSpec job, Problems problems) {
        if (!job.indexed()) {
            problems.at("backoffLimitPerIndex")
                    .require(
                            job.backoffLimitPerIndex().isEmpty(),
                            job.backoffLimitPerIndex(),
                            "it needs the completion mode INDEXED");
            problems.at("successPolicy")
                    .require(job.successPolicy().isEmpty(), "{}", "it needs the completion mode INDEXED");
        }
        problems.at("completions")
                .require(!job.indexed() || job.completions().isPresent(), "", "INDEXED needs completions");
        problems.at("parallelism")
                .require(
                        !job.indexed() || job.parallelism().orElse(0) <= MOST_INDEXES,
                        job.parallelism(),
                        "it must be " + MOST_INDEXES + " or less with INDEXED");
        job.maxFailedIndexes().ifPresent(most -> {
            Problems here = problems.at("maxFailedIndexes");
            here.require(job.backoffLimitPerIndex().isPresent(), most, "it needs a backoffLimitPerIndex");
            here.require(
                    job.completions().filter(all -> most > all).isEmpty(),
                    most,
                    "it must not be above the completions, " + job.completions().orElse(0));
        });
        if (job.backoffLimitPerIndex().isPresent()) {
            RestartPolicy restart = job.template().spec().restartPolicy();
            problems.at("backoffLimitPerIndex")
                    .require(restart == RestartPolicy.NEVER, restart, "it needs the restart policy NEVER");
            int completions = job.completions().orElse(0);
            problems.at("completions")
                    .require(
                            completions <= MOST_INDEXES,
                            completions,
                            "it must be " + MOST_INDEXES + " or less with a backoffLimitPerIndex");
            if (completions > MANY_INDEXES) {
                String when = " or less with more than " + MANY_INDEXES + " completions";
                problems.at("parallelism")
                        .require(
                                job.parallelism().orElse(0) <= MANY_INDEXES,
                                job.parallelism().orElse(0),
                                "it must be " + MANY_INDEXES + when);
                problems.at("maxFailedIndexes")
                        .require(
                                job.maxFailedIndexes()
                                        .filter(most -> most <= MANY_INDEXES)
                                        .isPresent(),
                                job.maxFailedIndexes().map(String::valueOf).orElse(""),
                                "it must be " + MANY_INDEXES + when);
            }
        }
    }

    private static void policies(JobSpec job, Problems problems) {
        job.successPolicy()
                .filter(policy -> job.indexed())
                .ifPresent(policy -> policy.validate(problems.at("successPolicy"), job.completions()));
        job.podFailurePolicy().ifPresent(policy -> {
            policy.validate(problems.at("podFailurePolicy"), job);
            RestartPolicy restart = job.template().spec().restartPolicy();
            problems.at("podFailurePolicy")
                    .require(restart == RestartPolicy.NEVER, restart, "it needs the restart policy NEVER");
            problems.at("podReplacementPolicy")
                    .require(
                            job.replacesFailedOnly(),
                            job.podReplacementPolicy().map(Enum::name).orElse(""),
                            "with a podFailurePolicy it must be FAILED");
        });
    }

    static void validateChange(JobSpec before, JobSpec after, Problems problems) {
        boolean elastic = after.indexed()
                && after.completions().isPresent()
                && after.completions().equals(after.parallelism());
        problems.at("completions")
                .require(
                        before.completions().equals(after.completions()) || elastic,
                        after.completions().map(String::valueOf).orElse(""),
                        "it can't be changed, except with INDEXED and together with parallelism, to the same number");
        problems.unchanged("completionMode", before.completionMode(), after.completionMode());
        problems.unchanged("backoffLimitPerIndex", before.backoffLimitPerIndex(), after.backoffLimitPerIndex());
        problems.unchanged("podFailurePolicy", before.podFailurePolicy(), after.podFailurePolicy());
        problems.unchanged("successPolicy", before.successPolicy(), after.successPolicy());
        problems.at("template")
                .require(before.template().equals(after.template()), "{}", "it can't be changed: make another Job");
    }

    private static void atLeast(int least, Optional<Integer> value, Problems problems) {
        value.ifPresent(number -> problems.require(number >= least, number, "it must be " + least + " or more"));
    }
}
