package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a Job ends, as soon as that is certain. Source: Kubernetes, the Job controller.
 *
 * @param success whether it ends well
 * @param reason one word
 * @param message a sentence for people
 */
record JobVerdict(boolean success, String reason, String message) {
    private static JobVerdict failure(String reason, String message) {
        return new JobVerdict(false, reason, message);
    }

    private static JobVerdict success(String reason, String message) {
        return new JobVerdict(true, reason, message);
    }

    /** The condition that says so before the last pod has ended. */
    String interim() {
        return success ? JobStatus.SUCCESS_CRITERIA_MET : JobStatus.FAILURE_TARGET;
    }

    /** The condition that says so when nothing runs any more. */
    String last() {
        return success ? JobStatus.COMPLETE : JobStatus.FAILED;
    }

    /** What was certain already, and stays so whatever happens meanwhile. */
    static Optional<JobVerdict> known(JobStatus status) {
        return held(status, JobStatus.SUCCESS_CRITERIA_MET)
                .map(met -> success(met.reason(), met.message()))
                .or(() -> held(status, JobStatus.FAILURE_TARGET)
                        .map(target -> failure(target.reason(), target.message())));
    }

    private static Optional<Condition> held(JobStatus status, String type) {
        return status.conditions().get(type).filter(Condition::holds);
    }

    /** What follows from what is there now; the first rule that holds decides. Empty while it goes on. */
    static Optional<JobVerdict> of(
            Context<JobSpec, JobStatus> job, List<Resource<PodSpec, PodStatus>> pods, JobTally tally) {
        JobSpec spec = job.spec();
        return failJob(spec, pods)
                .or(() -> backoffLimit(spec, pods, tally))
                .or(() -> deadline(job))
                .or(() -> failedIndexes(spec, tally))
                .or(() -> successPolicy(spec, tally))
                .or(() -> completed(spec, pods, tally));
    }

    private static Optional<JobVerdict> failJob(JobSpec spec, List<Resource<PodSpec, PodStatus>> pods) {
        PodFailurePolicy policy = spec.podFailurePolicy().orElseGet(PodFailurePolicy::none);
        return pods.stream()
                .filter(pod -> JobPods.failed(pod, spec.replacesFailedOnly()))
                .filter(pod -> policy.action(pod) == PodFailurePolicy.Action.FAIL_JOB)
                .findFirst()
                .map(pod -> failure(
                        "PodFailurePolicy",
                        "pod " + pod.name() + " matches the rule to fail the job, number "
                                + policy.match(pod).orElseThrow()));
    }

    private static Optional<JobVerdict> backoffLimit(
            JobSpec spec, List<Resource<PodSpec, PodStatus>> pods, JobTally tally) {
        int limit = spec.backoffLimit().orElseThrow();
        int restarts = spec.template().spec().restartPolicy() == RestartPolicy.ON_FAILURE ? restarts(pods) : 0;
        boolean restarted = limit == 0 ? restarts > 0 : restarts >= limit;
        if (tally.failures() <= limit && !restarted) {
            return Optional.empty();
        }
        String what = tally.failures() > limit ? tally.failures() + " failed pods" : restarts + " restarts";
        return Optional.of(failure("BackoffLimitExceeded", what + " reach the limit for retries, " + limit));
    }

    private static int restarts(List<Resource<PodSpec, PodStatus>> pods) {
        return pods.stream()
                .filter(Pod::active)
                .flatMap(pod -> pod.status().all())
                .mapToInt(ContainerStatus::restartCount)
                .sum();
    }

    private static Optional<JobVerdict> deadline(Context<JobSpec, JobStatus> job) {
        return deadlineAt(job)
                .filter(due -> !job.now().isBefore(due))
                .map(due -> failure(
                        "DeadlineExceeded",
                        "it was active for longer than "
                                + job.spec().activeDeadline().orElseThrow()));
    }

    /** When it will have taken too long; empty while it is suspended. */
    static Optional<Instant> deadlineAt(Context<JobSpec, JobStatus> job) {
        return job.spec().suspend()
                ? Optional.empty()
                : job.spec()
                        .activeDeadline()
                        .flatMap(deadline -> job.status().startTime().map(start -> start.plus(deadline)));
    }

    private static Optional<JobVerdict> failedIndexes(JobSpec spec, JobTally tally) {
        int failed = tally.failedIndexes().size();
        if (spec.backoffLimitPerIndex().isEmpty() || failed == 0) {
            return Optional.empty();
        }
        Optional<Integer> most = spec.maxFailedIndexes();
        if (most.filter(limit -> failed > limit).isPresent()) {
            return Optional.of(
                    failure("MaxFailedIndexesExceeded", failed + " failed indexes exceed the limit, " + most.get()));
        }
        return failed + tally.completed().size() >= spec.indexes()
                ? Optional.of(failure("FailedIndexes", "indexes have failed: " + tally.failedIndexes()))
                : Optional.empty();
    }

    private static Optional<JobVerdict> successPolicy(JobSpec spec, JobTally tally) {
        return spec.successPolicy()
                .flatMap(policy -> policy.met(tally.completed(), spec.indexes()))
                .map(rule -> success("SuccessPolicy", "rule " + rule + " of the success policy holds"));
    }

    private static Optional<JobVerdict> completed(
            JobSpec spec, List<Resource<PodSpec, PodStatus>> pods, JobTally tally) {
        boolean enough = spec.completions().map(all -> tally.successes() >= all).orElseGet(() -> tally.successes() > 0);
        return enough && pods.stream().noneMatch(Pod::active)
                ? Optional.of(success("CompletionsReached", "all that had to succeed has"))
                : Optional.empty();
    }
}
