package dev.corral.benchmarks;

import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Rounds;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.NodeStatus;
import dev.corral.reconcile.workload.Placement;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Quantity;
import dev.corral.reconcile.workload.Scheduler;
import java.util.Map;

/** The scheduler by itself, with nodes that its pods fill. */
final class SchedulerWorkload {
    private static final int NODES = 1_000;
    private static final int PODS = 10_000;

    private SchedulerWorkload() {}

    /** Thousands of pods a second that are given a node, until a thousand nodes have room for no more: ten on each. */
    static double placed() {
        Store store = Store.inMemory();
        for (int i = 0; i < NODES; i++) {
            var node = store.apply(Node.named("node-" + i)).orThrow();
            Map<String, Quantity> room = Map.of("cpu", Quantity.parse("1"), "memory", Quantity.parse("1Gi"));
            store.updateStatus(node.status(new NodeStatus(room, room, Conditions.none())))
                    .orThrow();
        }
        for (int i = 0; i < PODS; i++) {
            store.apply(Pod.named("pod-" + i)
                    .container(c -> c.command("serve").request("cpu", "100m").request("memory", "64Mi")));
        }
        Scheduler scheduler = Scheduler.firstFit();
        long begun = Rounds.processorTime();
        for (Resource<PodSpec, PodStatus> pod : store.snapshot().list(Pod.KIND)) {
            if (!(scheduler.place(pod, store.snapshot()) instanceof Placement.OnNode on)) {
                throw new AssertionError(pod.title() + " found no room");
            }
            store.update(pod.spec(pod.spec().nodeName(on.node()))).orThrow();
        }
        double placed = Rounds.thousandsAlone(PODS, begun);
        int last = store.snapshot()
                .find(Pod.KIND, Pod.NODE_INDEX, "node-" + (NODES - 1))
                .size();
        if (last != PODS / NODES) {
            throw new AssertionError("a node has " + last + " pods");
        }
        return placed;
    }
}
