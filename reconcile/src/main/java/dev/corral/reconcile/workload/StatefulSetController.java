package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;

/** Keeps a pod for each ordinal of a StatefulSet. Pure. Source: Kubernetes, the StatefulSet controller. */
public final class StatefulSetController {
    private StatefulSetController() {}

    /** One pass. */
    public static Plan<StatefulSetStatus> reconcile(Context<StatefulSetSpec, StatefulSetStatus> set) {
        return new StatefulSetRound(set).plan();
    }

    static String podName(String set, int ordinal) {
        return set + "-" + ordinal;
    }

    /** The ordinal in the name of a set's pod, or of something else that ends like that; empty if it is another name. */
    static OptionalInt ordinal(String set, String name) {
        String digits = name.startsWith(set + "-") ? name.substring(set.length() + 1) : "";
        return digits.matches("0|[1-9][0-9]{0,8}") ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    /** The set whose name a pod bears without belonging to it: it waits for the name, or adopts the pod. */
    static Collection<Key> namesake(Snapshot snapshot, Resource<PodSpec, PodStatus> pod) {
        int end = pod.name().lastIndexOf('-');
        if (end <= 0) {
            return List.of();
        }
        Key key = new Key(pod.key().namespace(), pod.name().substring(0, end));
        return snapshot.get(StatefulSet.KIND, key)
                .filter(set -> !pod.metadata().ownedBy(set.metadata()))
                .map(set -> List.of(key))
                .orElse(List.of());
    }
}
