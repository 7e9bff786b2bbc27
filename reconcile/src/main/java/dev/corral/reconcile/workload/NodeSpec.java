package dev.corral.reconcile.workload;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a node shall be used for. Source: Kubernetes API, {@code NodeSpec}.
 *
 * @param taints keep off what doesn't tolerate them; at most one of a key and effect
 * @param unschedulable whether no new pod comes to it but those that tolerate that
 */
public record NodeSpec(List<Taint> taints, boolean unschedulable) {
    public NodeSpec {
        taints = List.copyOf(taints);
    }

    /** For every pod. */
    public static NodeSpec open() {
        return new NodeSpec(List.of(), false);
    }

    /** With a taint more; one of the same key and effect is replaced. */
    public NodeSpec taint(Taint taint) {
        return new NodeSpec(Copies.replacing(taints, old -> same(old, taint), taint), unschedulable);
    }

    public NodeSpec unschedulable(boolean unschedulable) {
        return new NodeSpec(taints, unschedulable);
    }

    /** All that keeps pods off. */
    Stream<Taint> allTaints() {
        return unschedulable ? Stream.concat(taints.stream(), Stream.of(Taint.UNSCHEDULABLE)) : taints.stream();
    }

    void validate(Problems problems) {
        problems.each("taints", taints, Taint::validate);
        Set<String> seen = new HashSet<>();
        problems.each(
                "taints",
                taints,
                (taint, here) -> here.require(
                        seen.add(taint.key() + " " + taint.effect()), taint, "another taint has its key and effect"));
    }

    private static boolean same(Taint one, Taint other) {
        return one.key().equals(other.key()) && one.effect() == other.effect();
    }
}
