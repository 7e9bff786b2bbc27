package dev.corral.reconcile.workload;

/** How a DaemonSet's pods get a changed template. Source: Kubernetes API, {@code DaemonSetUpdateStrategy}. */
public sealed interface DaemonSetUpdateStrategy {
    /**
     * Some nodes at a time. Percentages are of the nodes that shall have a pod, and are rounded up.
     *
     * @param maxSurge on how many nodes a new pod may run beside the old one
     * @param maxUnavailable on how many nodes there may be no available pod
     */
    record Rolling(IntOrPercent maxSurge, IntOrPercent maxUnavailable) implements DaemonSetUpdateStrategy {
        int surge(int nodes) {
            return maxSurge.scaledUp(nodes);
        }

        /** If rounding leaves both at 0, nothing could ever move: then it is 1. */
        int unavailable(int nodes) {
            int rounded = maxUnavailable.scaledUp(nodes);
            return rounded == 0 && surge(nodes) == 0 ? 1 : rounded;
        }
    }

    /** A pod gets the changed template when somebody has deleted it. */
    record OnDelete() implements DaemonSetUpdateStrategy {}

    /** One node after the other. */
    static DaemonSetUpdateStrategy rolling() {
        return new Rolling(IntOrPercent.of(0), IntOrPercent.of(1));
    }
}
