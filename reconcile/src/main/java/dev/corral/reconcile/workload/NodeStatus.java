package dev.corral.reconcile.workload;

import dev.corral.reconcile.Conditions;
import java.util.Map;

/**
 * What the agent says of its node. Source: Kubernetes API, {@code NodeStatus}.
 *
 * @param capacity what there is of each resource, by its name as in {@link Resources}
 * @param allocatable what pods may request of it together; a resource that is missing can't be requested
 * @param conditions {@code Ready}
 */
public record NodeStatus(Map<String, Quantity> capacity, Map<String, Quantity> allocatable, Conditions conditions) {
    /** The agent runs. */
    public static final String READY = "Ready";

    public NodeStatus {
        capacity = Copies.sorted(capacity);
        allocatable = Copies.sorted(allocatable);
    }
}
