package dev.corral.reconcile.workload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Resizes a Deployment in the middle of a rollout: each ReplicaSet by its share, so that a broken rollout becomes neither better
 * nor worse by it.
 *
 * @param replicas how many pods are wanted now
 * @param surge how many more there may be
 * @param sets those that want pods, the oldest first
 */
record Proportions(int replicas, int surge, List<Share> sets) {
    /**
     * One ReplicaSet that wants pods.
     *
     * @param wanted its {@code spec.replicas}
     * @param mostBefore how many pods all of them together might have when it was last resized
     */
    record Share(int wanted, int mostBefore) {}

    Proportions {
        sets = List.copyOf(sets);
    }

    /** The new sizes, in the order of the sets. */
    List<Integer> sizes() {
        int most = replicas > 0 ? replicas + surge : 0;
        int add = most - sets.stream().mapToInt(Share::wanted).sum();
        List<Integer> sizes = new ArrayList<>(sets.stream().map(Share::wanted).toList());
        List<Integer> order = order(add > 0);
        int left = add;
        for (int i : order) {
            int change = add > 0 ? Math.min(change(sets.get(i)), left) : Math.max(change(sets.get(i)), left);
            int within = left == 0 ? 0 : change;
            sizes.set(i, sizes.get(i) + within);
            left -= within;
        }
        if (!order.isEmpty()) {
            sizes.set(order.get(0), Math.max(0, sizes.get(order.get(0)) + left));
        }
        return sizes;
    }

    /** The largest first; of equal ones the newest first where pods are added, the oldest first where they are taken away. */
    private List<Integer> order(boolean newestFirst) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            order.add(newestFirst ? sets.size() - 1 - i : i);
        }
        order.sort(Comparator.comparingInt(i -> -sets.get(i).wanted()));
        return order;
    }

    /** The share of one set, rounded half away from zero. */
    private int change(Share set) {
        if (replicas == 0 || set.mostBefore() <= 0) {
            return replicas == 0 ? -set.wanted() : 0;
        }
        long twice = 2L * set.wanted() * (replicas + surge);
        long rounded = (twice + set.mostBefore()) / (2L * set.mostBefore());
        return (int) Math.min(Integer.MAX_VALUE, rounded) - set.wanted();
    }
}
