package dev.corral.examples.quickstart;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The pods of a control plane as {@code kubectl get pods} shows them. */
final class Pods {
    private Pods() {}

    static String table(ControlPlane plane) {
        Table table = Table.of("NAME", "READY", "STATUS", "RESTARTS", "AGE");
        for (Resource<PodSpec, PodStatus> pod : plane.list(Pod.KIND)) {
            List<ContainerStatus> containers = pod.status().containers();
            long ready = containers.stream().filter(ContainerStatus::ready).count();
            table = table.row(
                    pod.name(),
                    ready + "/" + pod.spec().containers().size(),
                    status(pod),
                    Integer.toString(pod.status().restarts()),
                    Duration.between(pod.metadata().created(), Instant.now()).toSeconds() + "s");
        }
        return table.toString();
    }

    /** What a container waits for or ended by, if one does not run; else the phase. */
    private static String status(Resource<PodSpec, PodStatus> pod) {
        if (pod.metadata().terminating()) {
            return "Terminating";
        }
        return pod.status().containers().stream()
                .map(ContainerStatus::state)
                .map(ContainerState::reason)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElseGet(() -> phase(pod.status().phase()));
    }

    private static String phase(PodPhase phase) {
        String name = phase.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }
}
