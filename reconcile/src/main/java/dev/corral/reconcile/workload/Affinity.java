package dev.corral.reconcile.workload;

import java.util.List;
import java.util.Optional;

/**
 * Where a pod may run. Source: Kubernetes API, {@code Affinity}, of which the required node affinity is there.
 *
 * @param nodeAffinity what its node must be like; empty for any
 */
public record Affinity(Optional<NodeAffinity> nodeAffinity) {
    /**
     * What the labels of a pod's node must be when it is bound; what becomes of them later does not matter.
     *
     * @param requiredDuringSchedulingIgnoredDuringExecution empty for anything
     */
    public record NodeAffinity(Optional<NodeSelector> requiredDuringSchedulingIgnoredDuringExecution) {}

    /**
     * Some of the nodes.
     *
     * @param nodeSelectorTerms at least one, and one of them has to match
     */
    public record NodeSelector(List<NodeSelectorTerm> nodeSelectorTerms) {
        public NodeSelector {
            nodeSelectorTerms = List.copyOf(nodeSelectorTerms);
        }
    }

    /** Only nodes that one of these terms matches. */
    static Affinity required(List<NodeSelectorTerm> terms) {
        return new Affinity(Optional.of(new NodeAffinity(Optional.of(new NodeSelector(terms)))));
    }

    /** The terms of which one has to match; empty if any node will do. */
    Optional<List<NodeSelectorTerm>> required() {
        return nodeAffinity
                .flatMap(NodeAffinity::requiredDuringSchedulingIgnoredDuringExecution)
                .map(NodeSelector::nodeSelectorTerms);
    }

    void validate(Problems problems) {
        Problems selector = problems.at("nodeAffinity").at("requiredDuringSchedulingIgnoredDuringExecution");
        required().ifPresent(terms -> {
            selector.at("nodeSelectorTerms").require(!terms.isEmpty(), terms, "it needs a term: none matches nothing");
            selector.each("nodeSelectorTerms", terms, NodeSelectorTerm::validate);
        });
    }
}
