package dev.corral.reconcile.workload;

import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Snapshot.Changed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * The nodes of one snapshot, and what the pods on each request together. It is the same whether it is summed up anew or follows from
 * the load in another snapshot and the pods that differ, which are few between two placements. Immutable.
 *
 * @param snapshot empty for no nodes and pods at all
 * @param nodes in order
 * @param byNode by the node's name; one that isn't named has nothing on it, one that is named needn't be among the nodes
 */
record NodeLoad(Optional<Snapshot> snapshot, List<Resource<NodeSpec, NodeStatus>> nodes, Map<String, Requests> byNode) {
    private static final Quantity NOTHING = Quantity.of(0);

    static final NodeLoad NONE = new NodeLoad(Optional.empty(), List.of(), Map.of());

    /** What is requested on a node. */
    Requests on(String node) {
        return byNode.getOrDefault(node, Requests.NONE);
    }

    /** The load in another snapshot, whichever is the older. */
    NodeLoad in(Snapshot next) {
        return new NodeLoad(
                Optional.of(next),
                changed(Node.KIND, next).isEmpty() ? nodes : next.list(Node.KIND),
                with(changed(Pod.KIND, next)));
    }

    private <S, T> List<Changed<S, T>> changed(Kind<S, T> kind, Snapshot next) {
        return snapshot.map(before -> next.changed(kind, before))
                .orElseGet(() -> next.list(kind).stream()
                        .map(come -> new Changed<>(Optional.empty(), Optional.of(come)))
                        .toList());
    }

    private Map<String, Requests> with(List<Changed<PodSpec, PodStatus>> pods) {
        if (pods.isEmpty()) {
            return byNode;
        }
        Map<String, Requests> load = new HashMap<>(byNode);
        for (Changed<PodSpec, PodStatus> pod : pods) {
            pod.before().filter(NodeLoad::takesRoom).ifPresent(gone -> change(load, gone, Requests::minus));
            pod.after().filter(NodeLoad::takesRoom).ifPresent(come -> change(load, come, Requests::plus));
        }
        return load;
    }

    private static void change(
            Map<String, Requests> load, Resource<PodSpec, PodStatus> pod, BinaryOperator<Requests> change) {
        String node = pod.spec().nodeName().orElseThrow();
        Requests now = change.apply(load.getOrDefault(node, Requests.NONE), Requests.of(pod.spec()));
        if (now.isEmpty()) {
            load.remove(node);
        } else {
            load.put(node, now);
        }
    }

    /** How much of a resource all pods on a node may request together; nothing of what it does not name. */
    static Quantity allocatable(Resource<NodeSpec, NodeStatus> node, String resource) {
        return node.status().allocatable().getOrDefault(resource, NOTHING);
    }

    static boolean takesRoom(Resource<PodSpec, PodStatus> pod) {
        return pod.spec().nodeName().isPresent() && !pod.status().phase().terminal();
    }
}
