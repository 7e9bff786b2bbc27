package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs pods until enough of them have succeeded, or too many have failed. Pure. Source: Kubernetes, the Job controller. */
public final class JobController {
    private JobController() {}

    /** One pass: what has ended is counted, and what follows from that is decided. */
    public static Plan<JobStatus> reconcile(Context<JobSpec, JobStatus> job) {
        return job.status().finished() ? over(job) : new Round(job).plan();
    }

    /** Nothing follows any more: a final condition is never withdrawn. */
    private static Plan<JobStatus> over(Context<JobSpec, JobStatus> job) {
        return Plan.<JobStatus>children().withoutPruning(Pod.KIND).status(observed(job, job.status()));
    }

    private static JobStatus observed(Context<JobSpec, JobStatus> job, JobStatus old) {
        return new JobStatus(
                job.metadata().generation(),
                old.active(),
                old.ready(),
                old.terminating(),
                old.succeeded(),
                old.failed(),
                old.completedIndexes(),
                old.failedIndexes(),
                old.uncounted(),
                old.pace(),
                old.conditions(),
                old.startTime(),
                old.completionTime());
    }

    /** One pass over one Job that goes on. */
    private static final class Round {
        private final Context<JobSpec, JobStatus> job;
        private final JobSpec spec;
        private final List<Resource<PodSpec, PodStatus>> pods;
        private final Optional<JobVerdict> known;
        private final JobTally tally;
        private final Optional<JobVerdict> verdict;

        Round(Context<JobSpec, JobStatus> job) {
            this.job = job;
            this.spec = job.spec();
            this.pods = job.children(Pod.KIND);
            this.known = JobVerdict.known(job.status());
            JobTally open = new JobTally(job, pods, known.isPresent());
            this.verdict = known.or(() -> JobVerdict.of(job, pods, open));
            this.tally = verdict.isPresent() ? new JobTally(job, pods, true) : open;
        }

        Plan<JobStatus> plan() {
            JobScale scale = verdict.isPresent() ? JobScale.ending(pods) : JobScale.of(job, pods, tally);
            JobTally.Result result = tally.result(scale.replaced());
            boolean last = verdict.isPresent()
                    && pods.stream().allMatch(JobPods::over)
                    && !result.more()
                    && result.uncounted().isEmpty();
            Plan<JobStatus> plan = Plan.<JobStatus>children(scale.fresh())
                    .withoutPruning(Pod.KIND)
                    .status(status(scale, result, last));
            for (Resource<PodSpec, PodStatus> pod : result.letGo()) {
                plan = plan.letGo(pod, JobPods.TRACKING);
            }
            for (Resource<PodSpec, PodStatus> pod : scale.doomed()) {
                plan = plan.delete(pod);
                // What isn't wanted any more has not failed. At the end it counts as whatever it comes to.
                plan = verdict.isEmpty() && JobPods.tracked(pod) ? plan.letGo(pod, JobPods.TRACKING) : plan;
            }
            for (Instant wake : wakes(scale)) {
                plan = plan.wakeAt(wake);
            }
            return told(result.more() ? plan.wakeAt(job.now()) : plan, last);
        }

        private List<Instant> wakes(JobScale scale) {
            List<Instant> all = new ArrayList<>();
            if (verdict.isEmpty()) {
                scale.wake().ifPresent(all::add);
                spec.activeDeadline()
                        .filter(deadline -> !spec.suspend())
                        .ifPresent(deadline -> all.add(startTime().orElseThrow().plus(deadline)));
            }
            return all;
        }

        private Plan<JobStatus> told(Plan<JobStatus> plan, boolean last) {
            Plan<JobStatus> all = plan;
            Optional<Condition> suspended = job.status().conditions().get(JobStatus.SUSPENDED);
            if (verdict.isEmpty() && suspended.filter(Condition::holds).isPresent() != spec.suspend()) {
                all = spec.suspend() ? all.event("Suspended", "it stands still") : all.event("Resumed", "it goes on");
            }
            if (verdict.isPresent() && known.isEmpty() && !verdict.get().success()) {
                all = all.warning(verdict.get().reason(), verdict.get().message());
            }
            return last && verdict.orElseThrow().success()
                    ? all.event("Completed", verdict.get().message())
                    : all;
        }

        /** What there is once the plan is carried out, which is when the status becomes visible too. */
        private JobStatus status(JobScale scale, JobTally.Result result, boolean last) {
            List<Resource<PodSpec, PodStatus>> staying = pods.stream()
                    .filter(Pod::active)
                    .filter(pod -> !scale.doomed().contains(pod))
                    .toList();
            return new JobStatus(
                    job.metadata().generation(),
                    staying.size() + scale.fresh().size(),
                    (int) staying.stream().filter(Pod::ready).count(),
                    (int) pods.stream().filter(JobPods::ending).count()
                            + scale.doomed().size(),
                    result.succeeded(),
                    result.failed(),
                    tally.completed().toString(),
                    tally.failedIndexes().toString(),
                    result.uncounted(),
                    tally.pace(),
                    conditions(last),
                    startTime(),
                    last && verdict.orElseThrow().success() ? Optional.of(job.now()) : Optional.empty());
        }

        private Optional<Instant> startTime() {
            Optional<Instant> before = job.status().startTime();
            if (verdict.isPresent()) {
                return before;
            }
            return spec.suspend() ? Optional.empty() : before.or(() -> Optional.of(job.now()));
        }

        private Conditions conditions(boolean last) {
            Conditions conditions = job.status().conditions();
            if (verdict.isPresent()) {
                JobVerdict end = verdict.get();
                conditions = conditions.with(condition(end.interim(), true, end.reason(), end.message()));
                return last ? conditions.with(condition(end.last(), true, end.reason(), end.message())) : conditions;
            }
            if (spec.suspend()) {
                return conditions.with(condition(JobStatus.SUSPENDED, true, "JobSuspended", "the spec says so"));
            }
            return conditions.holds(JobStatus.SUSPENDED)
                    ? conditions.with(condition(JobStatus.SUSPENDED, false, "JobResumed", "the spec says so"))
                    : conditions;
        }

        private Condition condition(String type, boolean holds, String reason, String message) {
            return new Condition(
                    type,
                    Condition.Status.of(holds),
                    reason,
                    message,
                    job.metadata().generation(),
                    job.now());
        }
    }
}
