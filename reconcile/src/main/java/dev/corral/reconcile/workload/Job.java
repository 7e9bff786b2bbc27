package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.NameRule;
import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Pods that run until so many of them have succeeded. Source: Kubernetes API, {@code Job}.
 *
 * @param name a DNS label; its pods add numbers to it
 */
public record Job(String name, Map<String, String> labels, Map<String, String> annotations, JobSpec spec)
        implements Declared<JobSpec, JobStatus> {
    public static final Kind<JobSpec, JobStatus> KIND = Kind.of("Job", JobSpec.class, JobStatus.class)
            .names(NameRule.DNS_LABEL)
            .defaulting(JobSpec::defaulted)
            .validating(Problems.checking(JobRules::validate))
            .validatingChanges(Problems.checkingChanges(JobRules::validateChange));

    /** It has succeeded. */
    public static final Predicate<Resource<JobSpec, JobStatus>> COMPLETE =
            job -> job.status().complete();

    /** It has been given up. */
    public static final Predicate<Resource<JobSpec, JobStatus>> FAILED =
            job -> job.status().hasFailed();

    /** It has succeeded or been given up; nothing of it runs any more, and nothing will. */
    public static final Predicate<Resource<JobSpec, JobStatus>> FINISHED = COMPLETE.or(FAILED);

    public Job {
        labels = Copies.sorted(labels);
        annotations = Copies.sorted(annotations);
    }

    /** One pod without containers that isn't restarted but replaced if it fails; it needs a container before it can be applied. */
    public static Job named(String name) {
        PodSpec pod = PodSpec.empty().restartPolicy(RestartPolicy.NEVER);
        return new Job(name, Map.of(), Map.of(), JobSpec.of(new PodTemplate(Map.of(), pod)));
    }

    @Override
    public Kind<JobSpec, JobStatus> kind() {
        return KIND;
    }

    public Job label(String key, String value) {
        return new Job(name, Copies.with(labels, key, value), annotations, spec);
    }

    public Job annotation(String key, String value) {
        return new Job(name, labels, Copies.with(annotations, key, value), spec);
    }

    public Job spec(UnaryOperator<JobSpec> edit) {
        return new Job(name, labels, annotations, edit.apply(spec));
    }

    /** How many pods have to succeed. */
    public Job completions(int pods) {
        return spec(old -> old.completions(pods));
    }

    /** How many pods may be active at once. */
    public Job parallelism(int pods) {
        return spec(old -> old.parallelism(pods));
    }

    /** Gives each completion an index, told as {@code JOB_COMPLETION_INDEX}, in a label, and in the host name. */
    public Job indexed() {
        return spec(old -> old.completionMode(CompletionMode.INDEXED));
    }

    /** How many pods may fail before the Job has. */
    public Job backoffLimit(int failures) {
        return spec(old -> old.backoffLimit(failures));
    }

    /** How many pods of one index may fail before the index has; the others go on. */
    public Job backoffLimitPerIndex(int failures) {
        return spec(old -> old.backoffLimitPerIndex(failures));
    }

    /** How many indexes may fail before all of them are given up. */
    public Job maxFailedIndexes(int indexes) {
        return spec(old -> old.maxFailedIndexes(indexes));
    }

    public Job podFailurePolicy(PodFailurePolicy policy) {
        return spec(old -> old.podFailurePolicy(policy));
    }

    public Job successPolicy(SuccessPolicy policy) {
        return spec(old -> old.successPolicy(policy));
    }

    /** How long it may take from its start on. */
    public Job activeDeadline(Duration deadline) {
        return spec(old -> old.activeDeadline(deadline));
    }

    /** Has it stand still, or go on. */
    public Job suspend(boolean suspended) {
        return spec(old -> old.suspend(suspended));
    }

    /** How long it stays after its end. */
    public Job ttlAfterFinished(Duration ttl) {
        return spec(old -> old.ttlAfterFinished(ttl));
    }

    public Job podReplacementPolicy(PodReplacementPolicy policy) {
        return spec(old -> old.podReplacementPolicy(policy));
    }

    /** NEVER, so that failed pods are replaced and stay to be looked at, or ON_FAILURE. */
    public Job restartPolicy(RestartPolicy policy) {
        return template(template -> template.spec(pod -> pod.restartPolicy(policy)));
    }

    /** Edits the only container, named {@code main} if there was none; with several it is an IllegalArgumentException. */
    public Job container(UnaryOperator<Container> edit) {
        return template(template -> template.spec(pod -> pod.container(edit)));
    }

    /** Edits the container of a name, adding it if absent. */
    public Job container(String container, UnaryOperator<Container> edit) {
        return template(template -> template.spec(pod -> pod.container(container, edit)));
    }

    public Job template(UnaryOperator<PodTemplate> edit) {
        return spec(old -> old.template(edit));
    }

    /** From the deletion of a pod until what still runs of it is killed. */
    public Job terminationGracePeriod(Duration grace) {
        return template(template -> template.spec(pod -> pod.terminationGracePeriod(grace)));
    }
}
