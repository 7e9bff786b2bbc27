package dev.corral.reconcile.workload;

/**
 * Keeps pods that don't tolerate it off a node. Source: Kubernetes API, {@code Taint}.
 *
 * @param key a label key
 * @param value a label value; may be empty
 */
public record Taint(String key, String value, Effect effect) {
    /** The taint that a node has while it is {@linkplain NodeSpec#unschedulable unschedulable}. */
    static final Taint UNSCHEDULABLE = new Taint("node.kubernetes.io/unschedulable", "", Effect.NO_SCHEDULE);

    /** What it does to a pod that doesn't tolerate it. */
    public enum Effect {
        /** No new pod comes to the node; what runs there stays. */
        NO_SCHEDULE,
        /** A new pod goes elsewhere if it can. */
        PREFER_NO_SCHEDULE,
        /** No new pod comes to the node, and what runs there goes. */
        NO_EXECUTE
    }

    void validate(Problems problems) {
        problems.at("key").require(Names.isLabelKey(key), key, Names.LABEL_KEY_HINT);
        problems.at("value").require(Names.isLabelValue(value), value, Names.LABEL_VALUE_HINT);
    }

    /** As Kubernetes writes it, for instance {@code dedicated=web:NoSchedule}. */
    @Override
    public String toString() {
        String written = switch (effect) {
            case NO_SCHEDULE -> "NoSchedule";
            case PREFER_NO_SCHEDULE -> "PreferNoSchedule";
            case NO_EXECUTE -> "NoExecute";
        };
        return key + (value.isEmpty() ? "" : "=" + value) + ":" + written;
    }
}
