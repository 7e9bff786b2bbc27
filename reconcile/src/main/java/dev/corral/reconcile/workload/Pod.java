package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.NameRule;
import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Containers that run together on one host, as somebody wants them. A container whose definition is changed is ended like one
 * of a pod that goes, within the grace, and started anew; the pod is not ready meanwhile. Source: Kubernetes API, {@code Pod}.
 *
 * @param name a DNS label; it becomes the host name inside
 */
public record Pod(String name, Map<String, String> labels, PodSpec spec) implements Declared<PodSpec, PodStatus> {
    /** The index of pods by the name of their node; empty text for those without one. */
    public static final String NODE_INDEX = "nodeName";

    /** The index of pods that have ended for good: {@code true} for those. */
    static final String ENDED_INDEX = "ended";

    public static final Kind<PodSpec, PodStatus> KIND = Kind.of("Pod", PodSpec.class, PodStatus.class)
            .initially(PodStatus.unseen())
            .names(NameRule.DNS_LABEL)
            .index(NODE_INDEX, pod -> List.of(pod.spec().nodeName().orElse("")))
            .index(ENDED_INDEX, pod -> pod.status().phase().terminal() ? List.of("true") : List.of())
            .graceful(PodSpec::terminationGracePeriod)
            .validating(Problems.checking(PodSpec::validate))
            .validatingChanges(
                    Problems.checkingChanges((before, after, problems) -> after.validateChange(problems, before)));

    public Pod {
        labels = Copies.sorted(labels);
    }

    /** A pod without containers; it needs one before it can be applied. */
    public static Pod named(String name) {
        return new Pod(name, Map.of(), PodSpec.empty());
    }

    @Override
    public Kind<PodSpec, PodStatus> kind() {
        return KIND;
    }

    public Pod label(String key, String value) {
        return new Pod(name, Copies.with(labels, key, value), spec);
    }

    /** Edits the only container, named {@code main} if there was none; with several it is an IllegalArgumentException. */
    public Pod container(UnaryOperator<Container> edit) {
        return new Pod(name, labels, spec.container(edit));
    }

    /** Edits the container of a name, adding it if absent. */
    public Pod container(String container, UnaryOperator<Container> edit) {
        return new Pod(name, labels, spec.container(container, edit));
    }

    /** Edits the rest of what it runs. */
    public Pod spec(UnaryOperator<PodSpec> edit) {
        return new Pod(name, labels, edit.apply(spec));
    }

    public Pod restartPolicy(RestartPolicy policy) {
        return new Pod(name, labels, spec.restartPolicy(policy));
    }

    /** From the deletion of the pod until what still runs is killed. */
    public Pod terminationGracePeriod(Duration grace) {
        return new Pod(name, labels, spec.terminationGracePeriod(grace));
    }

    /** Whether it can take traffic, as far as it is not about to go. */
    public static boolean ready(Resource<PodSpec, PodStatus> pod) {
        return pod.status().ready();
    }

    /** Whether it counts as running: it has neither ended for good nor is it about to go. */
    public static boolean active(Resource<PodSpec, PodStatus> pod) {
        return !pod.status().phase().terminal() && !pod.metadata().terminating();
    }
}
