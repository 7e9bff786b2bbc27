package dev.corral.reconcile.plane;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Deletion;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Lifecycle;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a pod is not ready, in a sentence. Pure. */
final class PodWait {
    private PodWait() {}

    /** Empty if there is nothing to wait for: it is ready, or has ended for good. */
    static Optional<String> of(Resource<PodSpec, PodStatus> pod, Instant now) {
        if (pod.status().phase().terminal()) {
            return Optional.empty();
        }
        if (pod.metadata().deletion().isPresent()) {
            return Optional.of(going(pod.metadata().deletion().get(), now));
        }
        if (Pod.ready(pod)) {
            return Optional.empty();
        }
        Optional<Condition> unscheduled = pod.status()
                .conditions()
                .get(PodStatus.POD_SCHEDULED)
                .filter(scheduled -> scheduled.status() == Condition.Status.FALSE);
        if (unscheduled.isPresent()) {
            return unscheduled.map(PodWait::text);
        }
        if (pod.spec().nodeName().isEmpty()) {
            return Optional.of("it has no node yet");
        }
        return Stream.of(beginning(pod), containers(pod), conditions(pod))
                .flatMap(each -> each)
                .findFirst()
                .or(() -> Optional.of("it is not ready yet"));
    }

    private static String going(Deletion deletion, Instant now) {
        return now.isBefore(deletion.deadline())
                ? "it is ended; killed in " + Ages.of(Duration.between(now, deletion.deadline())) + " at the latest"
                : "it is killed";
    }

    /** The init container whose turn it is: until it is done nothing else begins. */
    private static Stream<String> beginning(Resource<PodSpec, PodStatus> pod) {
        if (pod.status().conditions().holds(PodStatus.INITIALIZED)) {
            return Stream.empty();
        }
        return pod.spec().initContainers().stream()
                .flatMap(container -> pod.status().container(container.name()).stream()
                        .filter(status -> !PodSummary.isDone(container, status))
                        .map(status -> beginning(container, status)))
                .limit(1);
    }

    private static String beginning(Container container, ContainerStatus status) {
        if (PodSummary.isSidecar(container)) {
            return "sidecar " + why(container, status);
        }
        return "init container "
                + (status.state() instanceof ContainerState.Running
                        ? container.name() + " has not ended yet"
                        : why(container, status));
    }

    private static Stream<String> containers(Resource<PodSpec, PodStatus> pod) {
        if (pod.status().containers().isEmpty()) {
            return Stream.of("its containers are not started yet");
        }
        Stream<String> main = pod.spec().containers().stream().flatMap(each -> unready("container ", each, pod));
        Stream<String> sidecars = pod.spec().initContainers().stream()
                .filter(PodSummary::isSidecar)
                .flatMap(each -> unready("sidecar ", each, pod));
        return Stream.concat(main, sidecars);
    }

    private static Stream<String> unready(String what, Container container, Resource<PodSpec, PodStatus> pod) {
        return pod.status().container(container.name()).stream()
                .filter(status -> !status.ready())
                .map(status -> what + why(container, status));
    }

    private static String why(Container container, ContainerStatus status) {
        return container.name() + " " + what(container, status);
    }

    private static String what(Container container, ContainerStatus status) {
        if (status.state() instanceof ContainerState.Waiting waiting) {
            String message = waiting.message().isEmpty() ? "" : ", " + waiting.message();
            return "waits: " + waiting.reason() + message
                    + status.lastState().map(end -> "; last it " + end(end)).orElse("");
        }
        if (status.state() instanceof ContainerState.Terminated ended) {
            return end(ended);
        }
        List<String> missing = missing(container, status.started());
        return missing.isEmpty() ? "runs, but is not ready yet" : "runs, but " + String.join(", or ", missing);
    }

    /** What a container that runs may wait for. */
    private static List<String> missing(Container container, boolean started) {
        if (started) {
            return container.readinessProbe().stream()
                    .map(probe -> "its readiness probe has not succeeded: " + probe.handler())
                    .toList();
        }
        Stream<String> startup = container.startupProbe().stream()
                .map(probe -> "its startup probe has not succeeded: " + probe.handler());
        Stream<String> postStart = container.lifecycle().flatMap(Lifecycle::postStart).stream()
                .map(hook -> "its postStart hook is not done: " + hook);
        return Stream.concat(startup, postStart).toList();
    }

    private static String end(ContainerState.Terminated end) {
        String message = end.message().isEmpty() ? "" : ", " + end.message();
        return "ended with code " + end.exitCode() + ": " + end.reason() + message;
    }

    private static Stream<String> conditions(Resource<PodSpec, PodStatus> pod) {
        return pod.status().conditions().get(PodStatus.READY).map(PodWait::text).stream();
    }

    /** The message, or the reason where there is none. */
    static String text(Condition condition) {
        return condition.message().isEmpty() ? condition.reason() : condition.reason() + ": " + condition.message();
    }
}
