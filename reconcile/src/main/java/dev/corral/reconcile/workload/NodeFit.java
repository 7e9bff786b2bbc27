package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Whether a pod may run on a node, room apart. */
final class NodeFit {
    private NodeFit() {}

    /** Why the node isn't one of those that the pod asks for; empty if it is. */
    static Optional<String> mismatch(PodSpec pod, Resource<NodeSpec, NodeStatus> node) {
        if (pod.nodeName().filter(wanted -> !wanted.equals(node.name())).isPresent()) {
            return Optional.of("is not " + pod.nodeName().get());
        }
        for (Map.Entry<String, String> wanted : pod.nodeSelector().entrySet()) {
            String label = node.metadata().labels().get(wanted.getKey());
            if (!wanted.getValue().equals(label)) {
                return Optional.of(
                        "has " + (label == null ? "no label " + wanted.getKey() : wanted.getKey() + "=" + label)
                                + " where the node selector wants " + wanted.getKey() + "=" + wanted.getValue());
            }
        }
        return pod.affinity()
                .flatMap(Affinity::required)
                .filter(terms -> terms.stream()
                        .noneMatch(term -> term.matches(node.metadata().labels())))
                .map(terms -> "has none of the labels that the node affinity requires: "
                        + terms.stream().map(NodeSelectorTerm::toString).collect(Collectors.joining(" or ")));
    }

    /** The first taint of some that the pod doesn't tolerate. */
    static Optional<Taint> untolerated(PodSpec pod, Resource<NodeSpec, NodeStatus> node, Predicate<Taint> which) {
        return node.spec()
                .allTaints()
                .filter(which)
                .filter(taint -> pod.tolerations().stream().noneMatch(toleration -> toleration.tolerates(taint)))
                .findFirst();
    }
}
