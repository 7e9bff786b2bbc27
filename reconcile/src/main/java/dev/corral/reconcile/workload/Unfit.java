package dev.corral.reconcile.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Why one node can't take a pod.
 *
 * @param reasons as Kubernetes words them, to be counted over all nodes
 * @param detail the same of this very node
 */
record Unfit(List<String> reasons, String detail) {
    /** Of so many nodes the details are told. */
    private static final int DETAILED = 3;

    Unfit {
        reasons = List.copyOf(reasons);
    }

    static Unfit tainted(String node, Taint taint) {
        String reason = taint.equals(Taint.UNSCHEDULABLE)
                ? "node(s) were unschedulable"
                : "node(s) had untolerated taint {" + taint.key() + ": " + taint.value() + "}";
        return new Unfit(
                List.of(reason), "node " + node + " has the taint " + taint + ", which the pod does not tolerate");
    }

    static Unfit unselected(String node, String detail) {
        return new Unfit(List.of("node(s) didn't match Pod's node affinity/selector"), "node " + node + " " + detail);
    }

    /** @param shortages what is to be said of each resource that lacks, by its name */
    static Unfit lacking(String node, Map<String, String> shortages) {
        return new Unfit(
                shortages.keySet().stream()
                        .map(resource -> "Insufficient " + resource)
                        .toList(),
                "node " + node + " " + String.join(", ", shortages.values()));
    }

    /** What a pod says that none of these nodes takes: how many there are for each reason, then more of the first few. */
    static List<String> sentences(List<Unfit> nodes) {
        if (nodes.isEmpty()) {
            return List.of("no nodes available to schedule pods");
        }
        Map<String, Long> counts = nodes.stream()
                .flatMap(node -> node.reasons().stream())
                .collect(Collectors.groupingBy(reason -> reason, TreeMap::new, Collectors.counting()));
        List<String> sentences = new ArrayList<>();
        sentences.add("0/" + nodes.size() + " nodes are available: "
                + counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .sorted()
                        .collect(Collectors.joining(", ")));
        nodes.stream().limit(DETAILED).map(Unfit::detail).forEach(sentences::add);
        return sentences;
    }
}
