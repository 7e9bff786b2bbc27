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
 * @param ready whether it can take traffic
 * @param ports the numbers of its ports by name, of the run that goes on; empty while it does not run
 * @param backOff how long it has to wait after its next end; empty before the first restart
 */
public record ContainerStatus(
        String name,
        ContainerState state,
        Optional<ContainerState.Terminated> lastState,
        int restartCount,
        boolean ready,
        Map<String, Integer> ports,
        Optional<BackOff> backOff) {
    public ContainerStatus {
        ports = Copies.sorted(ports);
    }

    ContainerStatus waiting(ContainerState.Waiting why) {
        return new ContainerStatus(name, why, lastState, restartCount, ready, ports, backOff);
    }

    /** The status of a container that was never started. */
    static ContainerStatus created(String name) {
        return new ContainerStatus(
                name,
                new ContainerState.Waiting(ContainerState.CONTAINER_CREATING, ""),
                Optional.empty(),
                0,
                false,
                Map.of(),
                Optional.empty());
    }
}
