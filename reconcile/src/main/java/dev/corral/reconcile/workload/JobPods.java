package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Metadata;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The pods of Jobs: how they are marked, and what their marks say. */
final class JobPods {
    /** A pod that has it is not counted yet. */
    static final String TRACKING = "batch.kubernetes.io/job-tracking";

    static final String JOB_NAME = "batch.kubernetes.io/job-name";
    static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
    static final String INDEX = "batch.kubernetes.io/job-completion-index";
    /** How many pods of the index have failed before this one. */
    static final String INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";
    /** How many of them don't count. */
    static final String INDEX_IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count";

    static final String INDEX_VARIABLE = "JOB_COMPLETION_INDEX";
    static final Set<String> LABELS = Set.of(JOB_NAME, CONTROLLER_UID, INDEX);

    /** A pod's name becomes a host name. */
    private static final int LONGEST_NAME = 63;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private JobPods() {}

    /** A pod to be created, tracked from the first moment on. */
    private record Fresh(String name, Map<String, String> labels, Map<String, String> annotations, PodSpec spec)
            implements Declared<PodSpec, PodStatus> {
        @Override
        public Kind<PodSpec, PodStatus> kind() {
            return Pod.KIND;
        }

        @Override
        public Set<String> finalizers() {
            return Set.of(TRACKING);
        }
    }

    /** The pod of a number, without an index. */
    static Declared<PodSpec, PodStatus> plain(Metadata job, JobSpec spec, int number) {
        return new Fresh(
                name(job, Integer.toString(number)),
                labels(job, spec),
                Map.of(),
                spec.template().spec());
    }

    /**
     * The pod of an index.
     *
     * @param number the lowest that is free for the index
     */
    static Declared<PodSpec, PodStatus> indexed(
            Metadata job, JobSpec spec, int index, int number, IndexFailures failures) {
        String text = Integer.toString(index);
        PodSpec pod = spec.template().spec().hostname(name(job, text));
        UnaryOperator<Container> numbered = c ->
                c.env().stream().anyMatch(own -> own.name().equals(INDEX_VARIABLE)) ? c : c.env(INDEX_VARIABLE, text);
        for (Container container : pod.containers()) {
            pod = pod.container(container.name(), numbered);
        }
        for (Container container : pod.initContainers()) {
            pod = pod.initContainer(container.name(), numbered);
        }
        Map<String, String> annotations = Map.of(INDEX, text);
        if (spec.backoffLimitPerIndex().isPresent()) {
            annotations = Copies.with(annotations, INDEX_FAILURES, Integer.toString(failures.counted()));
            annotations = Copies.with(annotations, INDEX_IGNORED, Integer.toString(failures.ignored()));
        }
        return new Fresh(name(job, text + "-" + number), Copies.with(labels(job, spec), INDEX, text), annotations, pod);
    }

    private static String name(Metadata job, String suffix) {
        return Names.child(job.name(), suffix, LONGEST_NAME);
    }

    private static Map<String, String> labels(Metadata job, JobSpec spec) {
        Map<String, String> named = Copies.with(spec.template().labels(), JOB_NAME, job.name());
        return Copies.with(named, CONTROLLER_UID, job.uid());
    }

    /** How often pods of an index have failed. */
    record IndexFailures(int counted, int ignored) {
        static IndexFailures none() {
            return new IndexFailures(0, 0);
        }

        static IndexFailures before(Resource<PodSpec, PodStatus> pod) {
            Map<String, String> notes = pod.metadata().annotations();
            return new IndexFailures(
                    number(notes.get(INDEX_FAILURES)).orElse(0),
                    number(notes.get(INDEX_IGNORED)).orElse(0));
        }

        IndexFailures and(boolean counts) {
            return counts ? new IndexFailures(counted + 1, ignored) : new IndexFailures(counted, ignored + 1);
        }

        int all() {
            return counted + ignored;
        }
    }

    /** The index of a pod; empty if it has none. */
    static OptionalInt index(Resource<PodSpec, PodStatus> pod) {
        return number(pod.metadata().labels().get(INDEX));
    }

    private static OptionalInt number(@Nullable String text) {
        return text != null && NUMBER.matcher(text).matches()
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    static boolean tracked(Resource<PodSpec, PodStatus> pod) {
        return pod.metadata().finalizers().contains(TRACKING);
    }

    /** Whether nothing of it runs any more, nor ever will. */
    static boolean over(Resource<PodSpec, PodStatus> pod) {
        return pod.status().phase().terminal() || neverRuns(pod);
    }

    /** Whether it goes before it had a node. Nobody writes in its status how it ended. */
    private static boolean neverRuns(Resource<PodSpec, PodStatus> pod) {
        return pod.metadata().terminating() && pod.spec().nodeName().isEmpty();
    }

    /** Whether it goes and has not ended yet. */
    static boolean ending(Resource<PodSpec, PodStatus> pod) {
        return pod.metadata().terminating() && !over(pod);
    }

    /** Whether it has failed; one that goes before its end has too, unless only ended ones are replaced. */
    static boolean failed(Resource<PodSpec, PodStatus> pod, boolean endedOnly) {
        return pod.status().phase() == PodPhase.FAILED || neverRuns(pod) || (ending(pod) && !endedOnly);
    }

    /** When it ended: its last container, else when it was marked. */
    static Instant end(Resource<PodSpec, PodStatus> pod, Instant now) {
        return pod.status()
                .all()
                .flatMap(status -> status.state() instanceof ContainerState.Terminated end
                        ? Stream.of(end.finishedAt())
                        : Stream.empty())
                .max(Instant::compareTo)
                .or(() -> pod.metadata().deletion().map(mark -> mark.at()))
                .orElse(now);
    }
}
