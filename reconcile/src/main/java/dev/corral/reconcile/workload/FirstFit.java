package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The scheduler of one node or some: no scores, the first node that will do. A pure function of the snapshot: the load that it keeps
 * from one placement to the next only saves adding it up again. Safe for any threads.
 */
final class FirstFit implements Scheduler {
    private volatile NodeLoad latest = NodeLoad.NONE;

    @Override
    public Placement place(Resource<PodSpec, PodStatus> pod, Snapshot snapshot) {
        NodeLoad load = latest.in(snapshot);
        latest = load;
        Requests requests = Requests.of(pod.spec());
        for (Resource<NodeSpec, NodeStatus> node : load.nodes()) {
            if (hasRoom(requests, node, load) && unwanted(pod.spec(), node).isEmpty()) {
                return new Placement.OnNode(node.name());
            }
        }
        return new Placement.Nowhere(Unfit.sentences(load.nodes().stream()
                .map(node -> unwanted(pod.spec(), node).orElseGet(() -> lacking(requests, node, load)))
                .toList()));
    }

    private static boolean hasRoom(Requests requests, Resource<NodeSpec, NodeStatus> node, NodeLoad load) {
        Requests taken = load.on(node.name());
        for (Map.Entry<String, BigDecimal> wanted : requests.amounts().entrySet()) {
            if (lacks(wanted.getKey(), wanted.getValue(), taken, node)) {
                return false;
            }
        }
        return true;
    }

    private static boolean lacks(
            String resource, BigDecimal wanted, Requests taken, Resource<NodeSpec, NodeStatus> node) {
        return taken.of(resource)
                        .add(wanted)
                        .compareTo(NodeLoad.allocatable(node, resource).value())
                > 0;
    }

    /** Why they don't go together, room apart; what is asked first decides. */
    private static Optional<Unfit> unwanted(PodSpec pod, Resource<NodeSpec, NodeStatus> node) {
        return NodeFit.untolerated(pod, node, taint -> taint.effect() != Taint.Effect.PREFER_NO_SCHEDULE)
                .map(taint -> Unfit.tainted(node.name(), taint))
                .or(() -> NodeFit.mismatch(pod, node).map(detail -> Unfit.unselected(node.name(), detail)));
    }

    /** All resources that lack are told. */
    private static Unfit lacking(Requests requests, Resource<NodeSpec, NodeStatus> node, NodeLoad load) {
        Requests taken = load.on(node.name());
        Map<String, String> shortages = new TreeMap<>();
        requests.amounts().forEach((resource, wanted) -> {
            if (lacks(resource, wanted, taken, node)) {
                Quantity most = NodeLoad.allocatable(node, resource);
                shortages.put(
                        resource,
                        "has too little " + resource + ": " + new Quantity(wanted, most.format()) + " wanted, "
                                + new Quantity(taken.of(resource), most.format()) + " of " + most
                                + " requested by others");
            }
        });
        return Unfit.lacking(node.name(), shortages);
    }
}
