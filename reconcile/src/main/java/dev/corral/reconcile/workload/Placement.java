package dev.corral.reconcile.workload;

import java.util.List;

/** Where a pod shall run, or why it can run nowhere. */
public sealed interface Placement {
    /** On this node. */
    record OnNode(String node) implements Placement {}

    /**
     * On none.
     *
     * @param reasons one or more sentences
     */
    record Nowhere(List<String> reasons) implements Placement {
        public Nowhere {
            reasons = List.copyOf(reasons);
        }
    }
}
