package dev.corral.examples.quickstart;

import dev.corral.examples.quickstart.payload.Allocator;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Duration;
import java.util.Optional;

/** A pod that takes memory without end. */
final class Greedy {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String MEMORY = "96Mi";

    private final ControlPlane plane;
    private final Pod pod;

    Greedy(ControlPlane plane, Payload payload) {
        this.plane = plane;
        this.pod = Pod.named("greedy")
                .container(c -> c.command(payload.java(Allocator.class, "-Xmx16m", "-XX:MaxDirectMemorySize=2g"))
                        .memory(MEMORY));
    }

    /** It is killed at its limit, started again, killed again, and then has to wait. */
    String provoke() throws InterruptedException {
        plane.apply(pod);
        Optional<Resource<PodSpec, PodStatus>> waiting = plane.await(pod, Greedy::backsOff, LONG);
        Claim.check(
                waiting.isPresent(),
                "not in " + ContainerState.CRASH_LOOP_BACK_OFF + " within " + LONG + ":\n" + Pods.table(plane));
        ContainerState.Terminated end = container(waiting.get()).lastState().orElseThrow();
        Claim.check(end.reason().equals(ContainerState.OOM_KILLED), "it ended with " + end);
        Claim.check(
                end.message().contains("limit 96 MiB") && end.message().contains("peak"),
                "the message does not tell limit and peak: " + end.message());
        String table = Pods.table(plane);
        plane.delete(pod);
        return end.reason() + ": " + end.message() + "\n" + table;
    }

    private static boolean backsOff(Resource<PodSpec, PodStatus> pod) {
        return pod.status().containers().stream()
                .anyMatch(container -> container.state().reason().equals(ContainerState.CRASH_LOOP_BACK_OFF));
    }

    private static ContainerStatus container(Resource<PodSpec, PodStatus> pod) {
        return pod.status().containers().get(0);
    }
}
