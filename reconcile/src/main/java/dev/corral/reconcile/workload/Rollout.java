package dev.corral.reconcile.workload;

import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of a Deployment's ReplicaSets during a rolling update, and the next step between them.
 *
 * @param replicas how many pods are wanted
 * @param surge how many more there may be
 * @param unavailable how many of them may be missing
 * @param fresh the ReplicaSet of the present template
 * @param old the others, oldest first
 */
record Rollout(int replicas, int surge, int unavailable, Size fresh, List<Size> old) {
    /**
     * One ReplicaSet.
     *
     * @param present how many pods it has, or may still get: one that was made smaller keeps them until it has deleted them
     * @param wanted its {@code spec.replicas}
     * @param available how many of those are available; never more than wanted, since a status from before it was made
     *     smaller counts pods that are about to go
     */
    record Size(int present, int wanted, int available) {
        Size {
            present = Math.max(present, wanted);
            available = Math.min(wanted, available);
        }

        /** One that has as many pods as it wants. */
        Size(int wanted, int available) {
            this(wanted, wanted, available);
        }

        private Size resized(int to) {
            return new Size(present, to, available);
        }
    }

    Rollout {
        old = List.copyOf(old);
    }

    /** One step: the fresh one grows, or else old ones shrink. Equal to this if nothing may move now. */
    Rollout next() {
        Rollout grown = resized();
        return grown.equals(this) ? withoutUnhealthy().shrunk() : grown;
    }

    private Rollout resized() {
        int room = replicas + surge - present(old) - fresh.present;
        int wanted = fresh.wanted > replicas
                ? replicas
                : fresh.wanted + Math.max(0, Math.min(room, replicas - fresh.wanted));
        return new Rollout(replicas, surge, unavailable, fresh.resized(wanted), old);
    }

    /**
     * Old pods that are not available serve nobody: they go first, as many as could go if no fresh pod became available any
     * more.
     */
    private Rollout withoutUnhealthy() {
        int left = total(old) + fresh.available - (replicas - unavailable);
        List<Size> sizes = new ArrayList<>();
        for (Size size : old) {
            int down = Math.max(0, Math.min(left, size.wanted - size.available));
            sizes.add(size.resized(size.wanted - down));
            left -= down;
        }
        return new Rollout(replicas, surge, unavailable, fresh, sizes);
    }

    /** As many available old pods go as are available beyond those that must be. */
    private Rollout shrunk() {
        int left = fresh.available + old.stream().mapToInt(Size::available).sum() - (replicas - unavailable);
        List<Size> sizes = new ArrayList<>();
        for (Size size : old) {
            int down = Math.max(0, Math.min(left, size.wanted));
            sizes.add(size.resized(size.wanted - down));
            left -= down;
        }
        return new Rollout(replicas, surge, unavailable, fresh, sizes);
    }

    private static int present(List<Size> sizes) {
        return sizes.stream().mapToInt(Size::present).sum();
    }

    private static int total(List<Size> sizes) {
        return sizes.stream().mapToInt(Size::wanted).sum();
    }
}
