package dev.corral.reconcile.plane;

import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pod in three words, as kubectl writes them.
 *
 * @param ready how many containers of how many are ready, as in {@code 1/2}
 * @param status the phase, or why a container doesn't run
 */
record PodSummary(String ready, String status, int restartCount, Optional<Instant> lastEnd) {
    static PodSummary of(PodSpec spec, PodStatus pod, boolean terminating) {
        List<ContainerStatus> containers = pod.containers();
        long ready = containers.stream().filter(ContainerStatus::ready).count();
        return new PodSummary(
                ready + "/" + spec.containers().size(),
                terminating && !pod.phase().terminal() ? "Terminating" : state(pod),
                containers.stream().mapToInt(ContainerStatus::restartCount).sum(),
                containers.stream()
                        .flatMap(container -> container.lastState().stream())
                        .map(ContainerState.Terminated::finishedAt)
                        .max(Instant::compareTo));
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
