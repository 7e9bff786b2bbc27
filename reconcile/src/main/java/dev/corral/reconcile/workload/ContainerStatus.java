package dev.corral.reconcile.workload;

import java.util.Map;
import java.util.Optional;

/**
 * What the agent says of one container. Source: Kubernetes API, {@code ContainerStatus}.
 *
 * @param name the container's
 * @param state what it is doing
 * @param lastState how the run before ended; empty before the first end
 * @param restartCount how often it was started again
 * @param started whether it runs, has passed its startup probe, and what is done after its start is done
 * @param ready whether it can take traffic
 * @param ports the numbers of its ports by name, of the run that goes on; empty while it does not run
 * @param backOff how long it has to wait after its next end; empty before the first restart
 */
public record ContainerStatus(
        String name,
        ContainerState state,
        Optional<ContainerState.Terminated> lastState,
        int restartCount,
        boolean started,
        boolean ready,
        Map<String, Integer> ports,
        Optional<BackOff> backOff) {
    public ContainerStatus {
        ports = Copies.sorted(ports);
    }

    ContainerStatus waiting(ContainerState.Waiting why) {
        return notRunning(why, lastState);
    }

    /** The status of a container that was never started. */
    static ContainerStatus created(String name) {
        return new ContainerStatus(
                name,
                new ContainerState.Waiting(ContainerState.CONTAINER_CREATING, ""),
                Optional.empty(),
                0,
                false,
                false,
                Map.of(),
                Optional.empty());
    }

    /** The status of a container that somebody else has started, or begun to, before it is asked how it is. */
    static ContainerStatus found(ContainerRuntime.Former former) {
        ContainerState otherwise = former.began()
                ? new ContainerState.Running(former.since())
                : new ContainerState.Waiting(ContainerState.CONTAINER_CREATING, "");
        return new ContainerStatus(
                former.container(),
                former.end().<ContainerState>map(end -> end).orElse(otherwise),
                former.history().lastState(),
                former.attempt(),
                false,
                false,
                former.run().map(ContainerRuntime.Run::ports).orElse(Map.of()),
                former.history().backOff());
    }

    ContainerStatus running(Observation.Live live, boolean readyNow) {
        return new ContainerStatus(
                name,
                new ContainerState.Running(live.since()),
                lastState,
                restartCount,
                live.started(),
                readyNow,
                live.ports(),
                backOff);
    }

    ContainerStatus notRunning(ContainerState now, Optional<ContainerState.Terminated> last) {
        return new ContainerStatus(name, now, last, restartCount, false, false, Map.of(), backOff);
    }

    /** About to be started again. */
    ContainerStatus again(Optional<ContainerState.Terminated> end, Optional<BackOff> next) {
        return new ContainerStatus(
                name,
                new ContainerState.Waiting(ContainerState.CONTAINER_CREATING, ""),
                end.or(() -> lastState),
                restartCount + 1,
                false,
                false,
                Map.of(),
                next);
    }

    /** Whether it has ended and stays so, or is at its end. */
    boolean terminated() {
        return state instanceof ContainerState.Terminated;
    }

    /** Whether it has ended with success. */
    boolean succeeded() {
        return state instanceof ContainerState.Terminated end && end.succeeded();
    }

    /** Whether it has ever run. */
    boolean hasRun() {
        return !(state instanceof ContainerState.Waiting) || lastState.isPresent();
    }
}
