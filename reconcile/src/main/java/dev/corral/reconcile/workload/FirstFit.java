package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The scheduler of one node or a few: no scores, the first node that will do. */
final class FirstFit {
    private FirstFit() {}

    static Placement place(Resource<PodSpec, PodStatus> pod, Snapshot snapshot) {
        List<Resource<NodeSpec, NodeStatus>> nodes = snapshot.list(Node.KIND);
        List<Unfit> unfit = new ArrayList<>();
        for (Resource<NodeSpec, NodeStatus> node : nodes) {
            Optional<Unfit> why = unfit(pod, node, snapshot);
            if (why.isEmpty()) {
                return new Placement.OnNode(node.name());
            }
            unfit.add(why.get());
        }
        return new Placement.Nowhere(Unfit.sentences(unfit));
    }

    /** What is asked first decides; of resources all that lack are told. */
    private static Optional<Unfit> unfit(
            Resource<PodSpec, PodStatus> pod, Resource<NodeSpec, NodeStatus> node, Snapshot snapshot) {
        return NodeFit.untolerated(pod.spec(), node, taint -> taint.effect() != Taint.Effect.PREFER_NO_SCHEDULE)
                .map(taint -> Unfit.tainted(node.name(), taint))
                .or(() -> NodeFit.mismatch(pod.spec(), node).map(detail -> Unfit.unselected(node.name(), detail)))
                .or(() -> lacking(pod.spec(), node, snapshot));
    }

    private static Optional<Unfit> lacking(PodSpec pod, Resource<NodeSpec, NodeStatus> node, Snapshot snapshot) {
        Map<String, BigDecimal> requests = requests(pod);
        if (requests.values().stream().noneMatch(amount -> amount.signum() > 0)) {
            return Optional.empty();
        }
        Map<String, String> shortages = shortages(requests, node, snapshot);
        return shortages.isEmpty() ? Optional.empty() : Optional.of(Unfit.lacking(node.name(), shortages));
    }

    private static Map<String, String> shortages(
            Map<String, BigDecimal> requests, Resource<NodeSpec, NodeStatus> node, Snapshot snapshot) {
        Map<String, BigDecimal> used = new TreeMap<>();
        snapshot.find(Pod.KIND, Pod.NODE_INDEX, node.name()).stream()
                .filter(other -> !other.status().phase().terminal())
                .forEach(other -> requests(other.spec())
                        .forEach((resource, amount) -> used.merge(resource, amount, BigDecimal::add)));
        Map<String, String> shortages = new TreeMap<>();
        requests.forEach((resource, wanted) -> {
            Quantity allocatable = node.status().allocatable().getOrDefault(resource, Quantity.of(0));
            BigDecimal taken = used.getOrDefault(resource, BigDecimal.ZERO);
            if (wanted.signum() > 0 && taken.add(wanted).compareTo(allocatable.value()) > 0) {
                shortages.put(
                        resource,
                        "has too little " + resource + ": "
                                + new Quantity(wanted, allocatable.format()) + " wanted, "
                                + new Quantity(taken, allocatable.format()) + " of " + allocatable
                                + " requested by others");
            }
        });
        return shortages;
    }

    /** What is needed at the worst time: all that stay together, or an init container and the sidecars before it. */
    static Map<String, BigDecimal> requests(PodSpec spec) {
        Map<String, BigDecimal> sidecars = new TreeMap<>();
        Map<String, BigDecimal> most = new TreeMap<>();
        for (Container container : spec.initContainers()) {
            Map<String, BigDecimal> now = new TreeMap<>(sidecars);
            add(now, container);
            raise(most, now);
            if (container.restartsAlways()) {
                add(sidecars, container);
            }
        }
        spec.containers().forEach(container -> add(sidecars, container));
        raise(most, sidecars);
        return most;
    }

    private static void add(Map<String, BigDecimal> sum, Container container) {
        container
                .resources()
                .requests()
                .forEach((resource, amount) -> sum.merge(resource, amount.value(), BigDecimal::add));
    }

    private static void raise(Map<String, BigDecimal> most, Map<String, BigDecimal> now) {
        now.forEach((resource, amount) -> most.merge(resource, amount, BigDecimal::max));
    }
}
