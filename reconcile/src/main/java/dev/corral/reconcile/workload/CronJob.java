package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.NameRule;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A Job that is started again and again. Source: Kubernetes API, {@code CronJob}.
 *
 * @param name a DNS label of up to 52 characters; its Jobs add the minute at which they were due, or the second where one comes more than
 *     once a minute
 */
public record CronJob(String name, Map<String, String> labels, CronJobSpec spec)
        implements Declared<CronJobSpec, CronJobStatus> {
    public static final Kind<CronJobSpec, CronJobStatus> KIND = Kind.of(
                    "CronJob", CronJobSpec.class, CronJobStatus.class)
            .names(NameRule.DNS_LABEL_52)
            .defaulting(CronJobSpec::defaulted)
            .validating(Problems.checking(CronJobSpec::validate));

    public CronJob {
        labels = Copies.sorted(labels);
    }

    /** It needs a schedule, and a container in its job, before it can be applied. */
    public static CronJob named(String name) {
        return new CronJob(name, Map.of(), CronJobSpec.of(JobTemplate.of(Job.named(name))));
    }

    @Override
    public Kind<CronJobSpec, CronJobStatus> kind() {
        return KIND;
    }

    public CronJob label(String key, String value) {
        return new CronJob(name, Copies.with(labels, key, value), spec);
    }

    public CronJob spec(UnaryOperator<CronJobSpec> edit) {
        return new CronJob(name, labels, edit.apply(spec));
    }

    /** When it is due, as in {@code 0 3 * * *}; see {@link Schedule}. */
    public CronJob schedule(String expression) {
        return spec(old -> old.schedule(expression));
    }

    /** Whose clocks count, in place of UTC. */
    public CronJob zone(ZoneId zone) {
        return spec(old -> old.timeZone(zone.getId()));
    }

    /** Whose clocks count, in place of UTC, as in {@code Europe/Berlin}. */
    public CronJob zone(String zone) {
        return spec(old -> old.timeZone(zone));
    }

    /** How late it may start. */
    public CronJob startingDeadline(Duration deadline) {
        return spec(old -> old.startingDeadline(deadline));
    }

    /** What happens when it is due and a Job of it still runs. */
    public CronJob concurrencyPolicy(ConcurrencyPolicy policy) {
        return spec(old -> old.concurrencyPolicy(policy));
    }

    /** Starts nothing any more, or again. */
    public CronJob suspend(boolean suspended) {
        return spec(old -> old.suspend(suspended));
    }

    /** How many finished Jobs are kept. */
    public CronJob historyLimits(int successful, int failed) {
        return spec(old -> old.historyLimits(successful, failed));
    }

    /**
     * Starts each time a little later than it is due, by less than this and always by the same: many that are due at once don't
     * start at once.
     */
    public CronJob jitter(Duration most) {
        return spec(old -> old.jitter(most));
    }

    /** Whether the latest time that passed while no control plane ran is made up for when one runs again; it is unless said. */
    public CronJob catchUp(boolean missed) {
        return spec(old -> old.catchUp(missed));
    }

    /** Edits what is started; the name doesn't matter. */
    public CronJob job(UnaryOperator<Job> edit) {
        return spec(old -> old.jobTemplate(template -> JobTemplate.of(edit.apply(template.job(name)))));
    }
}
