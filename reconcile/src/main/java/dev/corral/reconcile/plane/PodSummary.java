package dev.corral.reconcile.plane;

import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.RestartPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pod in three words, as kubectl writes them.
 *
 * @param ready how many containers of how many are ready, as in {@code 1/2}
 * @param status the phase, or why a container doesn't run
 */
record PodSummary(String ready, String status, int restartCount, Optional<Instant> lastEnd) {
    static PodSummary of(PodSpec spec, PodStatus pod, boolean terminating) {
        List<Container> sidecars =
                spec.initContainers().stream().filter(PodSummary::isSidecar).toList();
        List<ContainerStatus> lasting = Stream.concat(
                        sidecars.stream().flatMap(sidecar -> pod.container(sidecar.name()).stream()),
                        pod.containers().stream())
                .toList();
        Optional<String> beginning = beginning(spec, pod);
        List<ContainerStatus> restarted = beginning.isPresent() ? pod.initContainers() : lasting;
        return new PodSummary(
                lasting.stream().filter(ContainerStatus::ready).count() + "/"
                        + (sidecars.size() + spec.containers().size()),
                terminating && !pod.phase().terminal() ? "Terminating" : beginning.orElseGet(() -> state(pod)),
                restarted.stream().mapToInt(ContainerStatus::restartCount).sum(),
                restarted.stream()
                        .flatMap(container -> container.lastState().stream())
                        .map(ContainerState.Terminated::finishedAt)
                        .max(Instant::compareTo));
    }

    static boolean isSidecar(Container initContainer) {
        return initContainer
                .restartPolicy()
                .filter(RestartPolicy.ALWAYS::equals)
                .isPresent();
    }

    /** Whether what comes after an init container may begin. */
    static boolean isDone(Container initContainer, ContainerStatus status) {
        return isSidecar(initContainer)
                ? status.started()
                : status.state() instanceof ContainerState.Terminated end && end.succeeded();
    }

    /** As in {@code Init:1/2} or {@code Init:CrashLoopBackOff}; empty once all init containers are done. */
    private static Optional<String> beginning(PodSpec spec, PodStatus pod) {
        if (pod.conditions().holds(PodStatus.INITIALIZED)) {
            return Optional.empty();
        }
        int done = 0;
        for (Container container : spec.initContainers()) {
            Optional<ContainerStatus> status = pod.container(container.name());
            if (status.isPresent() && !isDone(container, status.get())) {
                String reason = status.get().state().reason();
                boolean inOrder = reason.isEmpty() || reason.equals(ContainerState.CONTAINER_CREATING);
                return Optional.of(
                        "Init:" + (inOrder ? done + "/" + spec.initContainers().size() : reason));
            }
            done++;
        }
        return Optional.empty();
    }

    private static String state(PodStatus pod) {
        String phase = Columns.title(pod.phase().name());
        boolean running = pod.phase() == PodPhase.RUNNING;
        Optional<String> why = pod.containers().stream()
                .map(ContainerStatus::state)
                .map(ContainerState::reason)
                .filter(reason -> !reason.isEmpty() && !(running && reason.equals(ContainerState.COMPLETED)))
                .findFirst();
        return why.orElse(phase);
    }

    /** As in {@code 2 (5s ago)}. */
    String restarts(Instant now) {
        return restartCount
                + lastEnd.filter(end -> restartCount > 0)
                        .map(end -> " (" + Ages.since(end, now) + " ago)")
                        .orElse("");
    }

    /** As in {@code 1/1 Running, 2 restarts}. */
    String line() {
        String restarts = restartCount == 0 ? "" : ", " + restartCount + (restartCount == 1 ? " restart" : " restarts");
        return ready + " " + status + restarts;
    }
}
