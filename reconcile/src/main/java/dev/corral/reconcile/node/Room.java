package dev.corral.reconcile.node;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Quantity;
import dev.corral.reconcile.workload.Resized;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be requested on a node.
 *
 * @param allocatable by the name of the resource; of what is not named there is no end
 * @param others the other pods on it
 */
record Room(Map<String, Quantity> allocatable, List<PodSpec> others) {
    Room {
        allocatable = Map.copyOf(allocatable);
        others = List.copyOf(others);
    }

    /** What a node has for a pod on it. */
    static Room of(Snapshot snapshot, String node, Resource<PodSpec, PodStatus> pod) {
        Map<String, Quantity> allocatable = snapshot.get(Node.KIND, Key.of(node))
                .map(found -> found.status().allocatable())
                .orElse(Map.of());
        List<PodSpec> others = snapshot.find(Pod.KIND, Pod.NODE_INDEX, node).stream()
                .filter(other -> !other.key().equals(pod.key()))
                .filter(other -> !other.status().phase().terminal())
                .map(Resource::spec)
                .toList();
        return new Room(allocatable, others);
    }

    /** Why a pod can't have what it requests; empty if it can. */
    Optional<Resized> against(PodSpec pod) {
        for (Map.Entry<String, Quantity> most : allocatable.entrySet()) {
            String resource = most.getKey();
            BigDecimal own = requested(pod, resource);
            BigDecimal all =
                    others.stream().map(other -> requested(other, resource)).reduce(own, BigDecimal::add);
            String wanted = new Quantity(own, most.getValue().format()) + " of " + resource + " requested";
            if (own.compareTo(most.getValue().value()) > 0) {
                return Optional.of(new Resized.Refused(wanted + ", and the node has " + most.getValue()));
            }
            if (own.signum() > 0 && all.compareTo(most.getValue().value()) > 0) {
                return Optional.of(new Resized.Deferred(
                        wanted + ", and other pods have too much of the node's " + most.getValue()));
            }
        }
        return Optional.empty();
    }

    private static BigDecimal requested(PodSpec pod, String resource) {
        return pod.containers().stream()
                .map(Container::resources)
                .map(resources -> resources
                        .requests()
                        .getOrDefault(resource, Quantity.of(0))
                        .value())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
