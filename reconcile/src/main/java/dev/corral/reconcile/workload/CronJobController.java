package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Starts a Job whenever a CronJob is due. Pure. Source: Kubernetes, the CronJob controller, version 2. */
public final class CronJobController {
    /** The annotation of a Job with the time at which it was due. */
    public static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    /** So much after a due time it is looked again, lest a clock be a little behind. */
    private static final Duration MARGIN = Duration.ofMillis(100);
    /** More missed times than that are worth a warning. */
    private static final long MANY = 100;

    private CronJobController() {}

    /**
     * One pass.
     *
     * @param started since when this control plane runs: what was due before that was missed
     */
    public static Plan<CronJobStatus> reconcile(Context<CronJobSpec, CronJobStatus> cron, Instant started) {
        return new Round(cron, started).plan();
    }

    /** By how much a CronJob starts later than it is due: follows from its uid. */
    static Duration delay(String uid, Duration jitter) {
        long most = jitter.toMillis();
        return most == 0 ? Duration.ZERO : Duration.ofMillis(Integer.toUnsignedLong(TemplateHash.fnv1a(uid)) % most);
    }

    /** One pass over one CronJob. */
    private static final class Round {
        private final Context<CronJobSpec, CronJobStatus> cron;
        private final CronJobSpec spec;
        private final List<Resource<JobSpec, JobStatus>> jobs;
        private final List<Resource<JobSpec, JobStatus>> doomed = new ArrayList<>();
        private final List<Job> fresh = new ArrayList<>();
        private final Duration delay;
        private final Instant started;
        private Optional<Instant> lastScheduleTime;
        private Optional<Instant> wake = Optional.empty();
        private final List<UnaryOperator<Plan<CronJobStatus>>> told = new ArrayList<>();

        Round(Context<CronJobSpec, CronJobStatus> cron, Instant started) {
            this.cron = cron;
            this.spec = cron.spec();
            this.delay = delay(cron.metadata().uid(), spec.jitter());
            this.started = started;
            this.jobs = cron.children(Job.KIND);
            this.lastScheduleTime = cron.status().lastScheduleTime();
        }

        Plan<CronJobStatus> plan() {
            tellWhatEnded();
            beyond(spec.successfulJobsHistoryLimit(), Job.COMPLETE)
                    .forEach(job -> delete(job, "more than its history keeps"));
            beyond(spec.failedJobsHistoryLimit(), Job.FAILED)
                    .forEach(job -> delete(job, "more than its history keeps"));
            if (!spec.suspend()) {
                schedule(Schedule.parse(spec.schedule()), spec.zone());
            }
            Plan<CronJobStatus> plan =
                    Plan.<CronJobStatus>children(fresh).withoutPruning(Job.KIND).status(status());
            for (Resource<JobSpec, JobStatus> job : doomed) {
                plan = plan.delete(job);
            }
            for (UnaryOperator<Plan<CronJobStatus>> telling : told) {
                plan = telling.apply(plan);
            }
            return wake.isPresent() ? plan.wakeAt(wake.get()) : plan;
        }

        private void delete(Resource<JobSpec, JobStatus> job, String why) {
            doomed.add(job);
            tell("SuccessfulDelete", "job " + job.name() + " is deleted: " + why);
        }

        private void tell(String reason, String message) {
            told.add(plan -> plan.event(reason, message));
        }

        private void warn(String reason, String message) {
            told.add(plan -> plan.warning(reason, message));
        }

        private void tellWhatEnded() {
            for (String name : cron.status().active()) {
                Optional<Resource<JobSpec, JobStatus>> job =
                        jobs.stream().filter(child -> child.name().equals(name)).findFirst();
                if (job.isEmpty()) {
                    tell("MissingJob", "active job " + name + " is gone");
                } else if (Job.FINISHED.test(job.get())) {
                    String how = job.get().status().complete() ? JobStatus.COMPLETE : JobStatus.FAILED;
                    tell("SawCompletedJob", "job " + name + " is " + how);
                }
            }
        }

        /** The oldest ones that finished so and are too many. */
        private List<Resource<JobSpec, JobStatus>> beyond(int limit, Predicate<Resource<JobSpec, JobStatus>> finished) {
            List<Resource<JobSpec, JobStatus>> all = jobs.stream()
                    .filter(finished)
                    .filter(job -> !job.metadata().terminating())
                    .sorted(Comparator.<Resource<JobSpec, JobStatus>, Instant>comparing(job -> job.status()
                                    .startTime()
                                    .orElse(job.metadata().created()))
                            .thenComparing(Resource::name))
                    .toList();
            return all.subList(0, Math.max(0, all.size() - limit));
        }

        private void schedule(Schedule schedule, ZoneId zone) {
            // The clock of what starts later is behind by that.
            Instant now = cron.now().minus(delay);
            Instant since = lastScheduleTime.orElse(cron.metadata().created());
            Instant up = started.minus(delay);
            Instant attended = spec.catchUp() || since.isAfter(up) ? since : up;
            Optional<Instant> deadline = spec.startingDeadline().map(now::minus);
            DueTime due = DueTime.of(
                    schedule, zone, deadline.filter(attended::isBefore).orElse(attended), now);
            if (due.never()) {
                warn("InvalidSchedule", "'" + spec.schedule() + "' has no date");
                return;
            }
            wake = schedule.next(now, zone).map(next -> next.plus(delay).plus(MARGIN));
            if (due.missed() > MANY) {
                warn(
                        "TooManyMissedTimes",
                        due.missed() + " start times were missed: set or shorten"
                                + " startingDeadline, or look at the clock");
            }
            if (due.latest().isPresent()) {
                start(schedule, due.latest().get(), zone);
            } else {
                tellMissed(DueTime.of(schedule, zone, since, now), attended);
            }
        }

        private void tellMissed(DueTime late, Instant attended) {
            late.latest()
                    .ifPresent(missed -> warn(
                            "MissSchedule",
                            "it was due at " + missed
                                    + (missed.isAfter(attended)
                                            ? ", which is more than its deadline ago"
                                            : ", when no control plane ran")));
        }

        private void start(Schedule schedule, Instant due, ZoneId zone) {
            // The name follows from the time, so that starting it twice starts it once.
            long time = schedule instanceof IntervalSchedule every && every.isWithinMinutes()
                    ? due.getEpochSecond()
                    : due.getEpochSecond() / 60;
            String name = cron.name() + "-" + time;
            Optional<Resource<JobSpec, JobStatus>> existing = cron.get(Job.KIND, name);
            List<Resource<JobSpec, JobStatus>> active = active();
            if (existing.isPresent()) {
                lastScheduleTime = Optional.of(due);
                if (!existing.get().metadata().ownedBy(cron.metadata())) {
                    warn("FailedCreate", "job " + name + " is there and belongs to somebody else");
                }
            } else if (spec.concurrencyPolicy() == ConcurrencyPolicy.FORBID && !active.isEmpty()) {
                tell("JobAlreadyActive", "it is due, and job " + active.get(0).name() + " still runs");
            } else if (spec.concurrencyPolicy() == ConcurrencyPolicy.REPLACE && !active.isEmpty() && !atOnce(active)) {
                wake = Optional.of(cron.now());
            } else {
                String scheduled = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(due.atZone(zone));
                fresh.add(spec.jobTemplate().job(name).annotation(SCHEDULED, scheduled));
                tell("SuccessfulCreate", "job " + name + " is started");
                lastScheduleTime = Optional.of(due);
            }
        }

        /** Deletes what runs. False where the next one must not be created yet, because it would be there before that. */
        private boolean atOnce(List<Resource<JobSpec, JobStatus>> active) {
            active.stream()
                    .filter(job -> !job.metadata().terminating())
                    .forEach(job -> delete(job, "it still runs, and the next one is due"));
            return cron.transactional()
                    || active.stream().allMatch(job -> job.metadata().terminating());
        }

        private List<Resource<JobSpec, JobStatus>> active() {
            return jobs.stream().filter(Job.FINISHED.negate()).toList();
        }

        /** What there is once the plan is carried out, which is when the status becomes visible too. */
        private CronJobStatus status() {
            Stream<String> staying =
                    active().stream().filter(job -> !doomed.contains(job)).map(Resource::name);
            return new CronJobStatus(
                    cron.metadata().generation(),
                    Stream.concat(staying, fresh.stream().map(Job::name))
                            .sorted()
                            .toList(),
                    lastScheduleTime,
                    Stream.concat(
                                    cron.status().lastSuccessfulTime().stream(),
                                    jobs.stream().flatMap(job -> job.status().completionTime().stream()))
                            .max(Instant::compareTo));
        }
    }
}
