package dev.corral.reconcile.workload;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Kind;
import java.util.Map;

/**
 * A machine that pods run on. A control plane has one, registered by its agent in the default namespace; pods of every
 * namespace may run there. Source: Kubernetes API, {@code Node}.
 *
 * @param name a DNS subdomain
 */
public record Node(String name, Map<String, String> labels, NodeSpec spec) implements Declared<NodeSpec, NodeStatus> {
    /** The label with a node's name, by which a node selector can mean one node. */
    public static final String HOSTNAME_LABEL = "kubernetes.io/hostname";

    public static final Kind<NodeSpec, NodeStatus> KIND =
            Kind.of("Node", NodeSpec.class, NodeStatus.class).validating(Problems.checking(NodeSpec::validate));

    public Node {
        labels = Copies.sorted(labels);
    }

    /** A node without taints, which takes pods. */
    public static Node named(String name) {
        return new Node(name, Map.of(HOSTNAME_LABEL, name), NodeSpec.open());
    }

    @Override
    public Kind<NodeSpec, NodeStatus> kind() {
        return KIND;
    }

    public Node label(String key, String value) {
        return new Node(name, Copies.with(labels, key, value), spec);
    }

    public Node taint(String key, String value, Taint.Effect effect) {
        return new Node(name, labels, spec.taint(new Taint(key, value, effect)));
    }

    /** Whether no new pod comes to it but those that tolerate that. */
    public Node unschedulable(boolean unschedulable) {
        return new Node(name, labels, spec.unschedulable(unschedulable));
    }
}
