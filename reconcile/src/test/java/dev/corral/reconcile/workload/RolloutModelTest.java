package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The steps of a Deployment beside the same arithmetic written down a second time, in the order in which Kubernetes' controller
 * does it ({@code reconcileNewReplicaSet}, {@code reconcileOldReplicaSets}, {@code scale}), for all small numbers.
 */
class RolloutModelTest {
    private static final int MOST = 4;

    /** The size that is wanted, and how many of it are available. */
    private record Set(int wanted, int available) {}

    private static List<Set> sets() {
        return IntStream.rangeClosed(0, MOST)
                .boxed()
                .flatMap(wanted -> IntStream.rangeClosed(0, wanted).mapToObj(available -> new Set(wanted, available)))
                .toList();
    }

    @Test
    void aRollingUpdateTakesTheStepsOfKubernetes() {
        for (int replicas = 0; replicas <= MOST; replicas++) {
            for (int surge = 0; surge <= 2; surge++) {
                for (int unavailable = surge == 0 ? 1 : 0; unavailable <= replicas; unavailable++) {
                    for (Set fresh : sets()) {
                        for (Set older : sets()) {
                            sets().forEach(agreeing(replicas, surge, unavailable, fresh, older));
                        }
                    }
                }
            }
        }
    }

    private static Consumer<Set> agreeing(int replicas, int surge, int unavailable, Set fresh, Set older) {
        return newer -> {
            Rollout rollout = new Rollout(replicas, surge, unavailable, size(fresh), List.of(size(older), size(newer)));
            Rollout next = rollout.next();
            List<Integer> sizes = List.of(
                    next.fresh().wanted(),
                    next.old().get(0).wanted(),
                    next.old().get(1).wanted());
            List<Integer> expected = step(replicas, surge, unavailable, fresh, List.of(older, newer));
            if (!sizes.equals(expected)) { // a description for each of so many would take longer than all of them
                assertThat(sizes).as(rollout.toString()).isEqualTo(expected);
            }
        };
    }

    private static Rollout.Size size(Set set) {
        return new Rollout.Size(set.wanted, set.available);
    }

    private static List<Integer> step(int replicas, int surge, int unavailable, Set fresh, List<Set> old) {
        int wantedOfOld = old.stream().mapToInt(Set::wanted).sum();
        int total = fresh.wanted + wantedOfOld;
        List<Integer> sizes = new ArrayList<>(List.of(fresh.wanted));
        old.forEach(set -> sizes.add(set.wanted));
        int grown = fresh.wanted > replicas
                ? replicas
                : fresh.wanted + Math.max(0, Math.min(replicas + surge - total, replicas - fresh.wanted));
        if (grown != fresh.wanted) {
            sizes.set(0, grown);
            return sizes;
        }
        int least = replicas - unavailable;
        int unhealthy = total - least - (fresh.wanted - fresh.available);
        if (unhealthy <= 0) {
            return sizes;
        }
        int healthy = fresh.available + old.stream().mapToInt(Set::available).sum() - least;
        for (int i = 0; i < old.size(); i++) {
            int down = Math.min(unhealthy, old.get(i).wanted - old.get(i).available);
            unhealthy -= down;
            sizes.set(i + 1, sizes.get(i + 1) - down);
        }
        for (int i = 0; i < old.size() && healthy > 0; i++) {
            int down = Math.min(healthy, sizes.get(i + 1));
            healthy -= down;
            sizes.set(i + 1, sizes.get(i + 1) - down);
        }
        return sizes;
    }

    @Test
    void aChangedSizeIsSharedOutAsInKubernetes() {
        for (int replicas = 0; replicas <= 7; replicas++) {
            for (int surge = 0; surge <= 2; surge++) {
                for (int before = 0; before <= 8; before++) {
                    for (int code = 0; code < 5 * 5 * 5; code++) {
                        List<Proportions.Share> shares = List.of(
                                new Proportions.Share(code % 5, before),
                                new Proportions.Share(code / 5 % 5, before + surge),
                                new Proportions.Share(code / 25, before));
                        List<Integer> sizes = new Proportions(replicas, surge, shares).sizes();
                        List<Integer> expected = shared(replicas, surge, shares);
                        if (!sizes.equals(expected)) {
                            assertThat(sizes)
                                    .as(replicas + " and " + surge + " of " + shares)
                                    .isEqualTo(expected);
                        }
                    }
                }
            }
        }
    }

    private static List<Integer> shared(int replicas, int surge, List<Proportions.Share> shares) {
        int add = (replicas > 0 ? replicas + surge : 0)
                - shares.stream().mapToInt(Proportions.Share::wanted).sum();
        Comparator<Integer> larger = Comparator.comparingInt(i -> -shares.get(i).wanted());
        List<Integer> order = IntStream.range(0, shares.size())
                .boxed()
                .sorted(larger.thenComparingInt(i -> add > 0 ? -i : i))
                .toList();
        List<Integer> sizes = shares.stream().map(Proportions.Share::wanted).collect(Collectors.toList());
        int added = 0;
        for (int i : order) {
            int allowed = add - added;
            int part = allowed == 0 ? 0 : part(replicas, surge, shares.get(i));
            int within = add > 0 ? Math.min(part, allowed) : Math.max(part, allowed);
            sizes.set(i, sizes.get(i) + within);
            added += within;
        }
        sizes.set(order.get(0), Math.max(0, sizes.get(order.get(0)) + add - added));
        return sizes;
    }

    private static int part(int replicas, int surge, Proportions.Share share) {
        if (replicas == 0 || share.wanted() == 0) {
            return -share.wanted();
        }
        return share.mostBefore() == 0
                ? 0
                : (int) Math.round((double) share.wanted() * (replicas + surge) / share.mostBefore()) - share.wanted();
    }
}
