package dev.corral.reconcile.plane;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Deletion;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
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
        return Stream.concat(containers(pod), conditions(pod)).findFirst().or(() -> Optional.of("it is not ready yet"));
    }

    private static String going(Deletion deletion, Instant now) {
        return now.isBefore(deletion.deadline())
                ? "it is ended; killed in " + Ages.of(Duration.between(now, deletion.deadline())) + " at the latest"
                : "it is killed";
    }

    private static Stream<String> containers(Resource<PodSpec, PodStatus> pod) {
        List<ContainerStatus> statuses = pod.status().containers();
        return statuses.isEmpty()
                ? Stream.of("its containers are not started yet")
                : statuses.stream()
                        .filter(status -> !status.ready())
                        .map(status -> "container " + status.name() + " " + why(pod.spec(), status));
    }

    private static String why(PodSpec spec, ContainerStatus status) {
        if (status.state() instanceof ContainerState.Waiting waiting) {
            String message = waiting.message().isEmpty() ? "" : ", " + waiting.message();
            return "waits: " + waiting.reason() + message
                    + status.lastState().map(end -> "; last it " + end(end)).orElse("");
        }
        if (status.state() instanceof ContainerState.Terminated ended) {
            return end(ended);
        }
        return spec.containers().stream()
                .filter(container -> container.name().equals(status.name()))
                .findFirst()
                .flatMap(Container::readinessProbe)
                .map(probe -> "runs, but its readiness probe has not succeeded: " + probe.handler())
                .orElse("runs, but is not ready yet");
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
