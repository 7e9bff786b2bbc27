package dev.corral.reconcile.workload;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Which Job is started when. Source: Kubernetes API, {@code CronJobSpec}.
 *
 * @param schedule when it is due, see {@link Schedule}
 * @param timeZone whose clocks count, such as {@code Europe/Berlin}; UTC if empty
 * @param startingDeadline how late it may start, 0 or more; at any time if empty
 * @param concurrencyPolicy what happens when it is due and a Job of it still runs
 * @param suspend whether nothing is started; what runs goes on
 * @param jobTemplate what the Jobs look like
 * @param successfulJobsHistoryLimit how many Jobs that have succeeded are kept, 0 or more
 * @param failedJobsHistoryLimit how many Jobs that have failed are kept, 0 or more
 * @param jitter by less than that each start is later than it is due, always by the same for one CronJob, so that many that are
 *     due at once don't start at once; 0 or more. Kubernetes has no word for it
 * @param catchUp whether the latest time that passed while no control plane ran is made up for. Kubernetes has no word for it,
 *     and does
 */
public record CronJobSpec(
        String schedule,
        Optional<String> timeZone,
        Optional<Duration> startingDeadline,
        ConcurrencyPolicy concurrencyPolicy,
        boolean suspend,
        JobTemplate jobTemplate,
        int successfulJobsHistoryLimit,
        int failedJobsHistoryLimit,
        Duration jitter,
        boolean catchUp) {
    /** Without a schedule yet: by UTC, whatever runs already, with a history of 3 and 1. */
    static CronJobSpec of(JobTemplate template) {
        return new CronJobSpec(
                "",
                Optional.empty(),
                Optional.empty(),
                ConcurrencyPolicy.ALLOW,
                false,
                template,
                3,
                1,
                Duration.ZERO,
                true);
    }

    public CronJobSpec schedule(String expression) {
        return with(fields -> fields.schedule = expression);
    }

    public CronJobSpec timeZone(String zone) {
        return with(fields -> fields.timeZone = Optional.of(zone));
    }

    public CronJobSpec startingDeadline(Duration deadline) {
        return with(fields -> fields.startingDeadline = Optional.of(deadline));
    }

    public CronJobSpec concurrencyPolicy(ConcurrencyPolicy policy) {
        return with(fields -> fields.concurrencyPolicy = policy);
    }

    public CronJobSpec suspend(boolean suspended) {
        return with(fields -> fields.suspend = suspended);
    }

    public CronJobSpec jobTemplate(UnaryOperator<JobTemplate> edit) {
        return with(fields -> fields.jobTemplate = edit.apply(jobTemplate));
    }

    public CronJobSpec historyLimits(int successful, int failed) {
        return with(fields -> {
            fields.successfulJobsHistoryLimit = successful;
            fields.failedJobsHistoryLimit = failed;
        });
    }

    public CronJobSpec jitter(Duration most) {
        return with(fields -> fields.jitter = most);
    }

    public CronJobSpec catchUp(boolean missed) {
        return with(fields -> fields.catchUp = missed);
    }

    /** With what its template leaves open filled in, as a stored one is. */
    CronJobSpec defaulted() {
        return jobTemplate(template -> new JobTemplate(
                template.labels(), template.annotations(), template.spec().defaulted()));
    }

    /** Whose clocks count. */
    ZoneId zone() {
        return timeZone.map(ZoneId::of).orElse(ZoneOffset.UTC);
    }

    void validate(Problems problems) {
        problems.at("schedule")
                .require(
                        complaint().isEmpty(),
                        Problems.printable(schedule),
                        complaint().orElse(""));
        timeZone.ifPresent(zone -> problems.at("timeZone")
                .require(
                        ZoneId.getAvailableZoneIds().contains(zone),
                        Problems.printable(zone),
                        "it must be a zone of the IANA database, such as Europe/Berlin"));
        startingDeadline.ifPresent(deadline ->
                problems.at("startingDeadline").require(!deadline.isNegative(), deadline, "it must be 0 or more"));
        problems.at("successfulJobsHistoryLimit")
                .require(successfulJobsHistoryLimit >= 0, successfulJobsHistoryLimit, "it must be 0 or more");
        problems.at("failedJobsHistoryLimit")
                .require(failedJobsHistoryLimit >= 0, failedJobsHistoryLimit, "it must be 0 or more");
        problems.at("jitter").require(!jitter.isNegative(), jitter, "it must be 0 or more");
        jobTemplate.validate(problems.at("jobTemplate"));
    }

    private Optional<String> complaint() {
        try {
            Schedule.parse(schedule);
            return Optional.empty();
        } catch (IllegalArgumentException why) {
            return Optional.of(String.valueOf(why.getMessage()));
        }
    }

    private CronJobSpec with(Consumer<Fields> change) {
        Fields fields = new Fields(this);
        change.accept(fields);
        return fields.spec();
    }

    /** A copy that can be changed, so that each change names its field only. */
    private static final class Fields {
        String schedule;
        Optional<String> timeZone;
        Optional<Duration> startingDeadline;
        ConcurrencyPolicy concurrencyPolicy;
        boolean suspend;
        JobTemplate jobTemplate;
        int successfulJobsHistoryLimit;
        int failedJobsHistoryLimit;
        Duration jitter;
        boolean catchUp;

        Fields(CronJobSpec spec) {
            schedule = spec.schedule;
            timeZone = spec.timeZone;
            startingDeadline = spec.startingDeadline;
            concurrencyPolicy = spec.concurrencyPolicy;
            suspend = spec.suspend;
            jobTemplate = spec.jobTemplate;
            successfulJobsHistoryLimit = spec.successfulJobsHistoryLimit;
            failedJobsHistoryLimit = spec.failedJobsHistoryLimit;
            jitter = spec.jitter;
            catchUp = spec.catchUp;
        }

        CronJobSpec spec() {
            return new CronJobSpec(
                    schedule,
                    timeZone,
                    startingDeadline,
                    concurrencyPolicy,
                    suspend,
                    jobTemplate,
                    successfulJobsHistoryLimit,
                    failedJobsHistoryLimit,
                    jitter,
                    catchUp);
        }
    }
}
