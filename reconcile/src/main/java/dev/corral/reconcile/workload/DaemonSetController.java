package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.util.List;

/** Keeps one pod on each matching node. Pure. Source: Kubernetes, the DaemonSet controller. */
public final class DaemonSetController {
    private static final List<Toleration> ADDED = List.of(
            added("not-ready", Taint.Effect.NO_EXECUTE),
            added("unreachable", Taint.Effect.NO_EXECUTE),
            added("disk-pressure", Taint.Effect.NO_SCHEDULE),
            added("memory-pressure", Taint.Effect.NO_SCHEDULE),
            added("pid-pressure", Taint.Effect.NO_SCHEDULE),
            added("unschedulable", Taint.Effect.NO_SCHEDULE));

    private DaemonSetController() {}

    /** One pass. */
    public static Plan<DaemonSetStatus> reconcile(Context<DaemonSetSpec, DaemonSetStatus> set) {
        return new DaemonSetRound(set).plan();
    }

    private static Toleration added(String key, Taint.Effect effect) {
        return Toleration.exists("node.kubernetes.io/" + key).effect(effect);
    }

    /** What a daemon's pod tolerates besides: it belongs to the node, and shares its troubles. */
    static PodSpec tolerant(PodSpec spec) {
        PodSpec all = spec;
        for (Toleration toleration : ADDED) {
            all = all.toleration(toleration);
        }
        return all;
    }

    static boolean shouldRun(PodSpec tolerant, Resource<NodeSpec, NodeStatus> node) {
        return shouldContinue(tolerant, node)
                && NodeFit.untolerated(tolerant, node, taint -> taint.effect() == Taint.Effect.NO_SCHEDULE)
                        .isEmpty();
    }

    static boolean shouldContinue(PodSpec tolerant, Resource<NodeSpec, NodeStatus> node) {
        return NodeFit.mismatch(tolerant, node).isEmpty()
                && NodeFit.untolerated(tolerant, node, taint -> taint.effect() == Taint.Effect.NO_EXECUTE)
                        .isEmpty();
    }
}
