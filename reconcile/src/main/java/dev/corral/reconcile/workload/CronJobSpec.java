package dev.corral.reconcile.workload;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
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
 */
public record CronJobSpec(
        String schedule,
        Optional<String> timeZone,
        Optional<Duration> startingDeadline,
        ConcurrencyPolicy concurrencyPolicy,
        boolean suspend,
        JobTemplate jobTemplate,
        int successfulJobsHistoryLimit,
        int failedJobsHistoryLimit) {
    /** Without a schedule yet: by UTC, whatever runs already, with a history of 3 and 1. */
    static CronJobSpec of(JobTemplate template) {
        return new CronJobSpec("", Optional.empty(), Optional.empty(), ConcurrencyPolicy.ALLOW, false, template, 3, 1);
    }

    public CronJobSpec schedule(String expression) {
        return new CronJobSpec(
                expression,
                timeZone,
                startingDeadline,
                concurrencyPolicy,
                suspend,
                jobTemplate,
                successfulJobsHistoryLimit,
                failedJobsHistoryLimit);
    }

    public CronJobSpec timeZone(String zone) {
        return new CronJobSpec(
                schedule,
                Optional.of(zone),
                startingDeadline,
                concurrencyPolicy,
                suspend,
                jobTemplate,
                successfulJobsHistoryLimit,
                failedJobsHistoryLimit);
    }

    public CronJobSpec startingDeadline(Duration deadline) {
        return new CronJobSpec(
                schedule,
                timeZone,
                Optional.of(deadline),
                concurrencyPolicy,
                suspend,
                jobTemplate,
                successfulJobsHistoryLimit,
                failedJobsHistoryLimit);
    }

    public CronJobSpec concurrencyPolicy(ConcurrencyPolicy policy) {
        return new CronJobSpec(
                schedule,
                timeZone,
                startingDeadline,
                policy,
                suspend,
                jobTemplate,
                successfulJobsHistoryLimit,
                failedJobsHistoryLimit);
    }

    public CronJobSpec suspend(boolean suspended) {
        return new CronJobSpec(
                schedule,
                timeZone,
                startingDeadline,
                concurrencyPolicy,
                suspended,
                jobTemplate,
                successfulJobsHistoryLimit,
                failedJobsHistoryLimit);
    }

    public CronJobSpec jobTemplate(UnaryOperator<JobTemplate> edit) {
        return new CronJobSpec(
                schedule,
                timeZone,
                startingDeadline,
                concurrencyPolicy,
                suspend,
                edit.apply(jobTemplate),
                successfulJobsHistoryLimit,
                failedJobsHistoryLimit);
    }

    public CronJobSpec historyLimits(int successful, int failed) {
        return new CronJobSpec(
                schedule, timeZone, startingDeadline, concurrencyPolicy, suspend, jobTemplate, successful, failed);
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
}
