package dev.corral.reconcile.workload;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/** What can be requested on a node, counted as the scheduler counts when it places a pod. Immutable. */
public final class Room {
    /** Empty while the node isn't there: then nobody knows, and nothing is refused. */
    private final Optional<Resource<NodeSpec, NodeStatus>> node;

    private final Requests others;

    private Room(Optional<Resource<NodeSpec, NodeStatus>> node, Requests others) {
        this.node = node;
        this.others = others;
    }

    /** What a node has for a pod on it. */
    public static Room of(Snapshot snapshot, String node, Resource<PodSpec, PodStatus> pod) {
        Requests others = snapshot.find(Pod.KIND, Pod.NODE_INDEX, node).stream()
                .filter(other -> !other.key().equals(pod.key()) && NodeLoad.takesRoom(other))
                .map(other -> Requests.of(other.spec()))
                .reduce(Requests.NONE, Requests::plus);
        return new Room(snapshot.get(Node.KIND, Key.of(node)), others);
    }

    /** Why a pod can't have what it requests; empty if it can. */
    public Optional<Resized> against(PodSpec pod) {
        return node.flatMap(there -> against(Requests.of(pod), there));
    }

    private Optional<Resized> against(Requests wanted, Resource<NodeSpec, NodeStatus> there) {
        Optional<Resized> later = Optional.empty();
        for (Map.Entry<String, BigDecimal> each : wanted.amounts().entrySet()) {
            String resource = each.getKey();
            Quantity most = NodeLoad.allocatable(there, resource);
            String asked = new Quantity(each.getValue(), most.format()) + " of " + resource + " requested";
            if (each.getValue().compareTo(most.value()) > 0) {
                return Optional.of(new Resized.Refused(asked + ", and the node has " + most));
            }
            if (later.isEmpty() && others.of(resource).add(each.getValue()).compareTo(most.value()) > 0) {
                later = Optional.of(
                        new Resized.Deferred(asked + ", and other pods have too much of the node's " + most));
            }
        }
        return later;
    }
}
