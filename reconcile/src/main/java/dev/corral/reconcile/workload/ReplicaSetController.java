package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Keeps as many pods as a ReplicaSet wants. Pure. Source: Kubernetes, the ReplicaSet controller. */
public final class ReplicaSetController {
    /** So many pods at most are created or deleted in one pass; the next one goes on. */
    static final int BURST = 500;
    /** A pod's name becomes a host name. */
    private static final int LONGEST_NAME = 63;

    private ReplicaSetController() {}

    /** One pass: pods that exist are kept, whatever they look like; only missing ones are made from the template. */
    public static Plan<ReplicaSetStatus> reconcile(Context<ReplicaSetSpec, ReplicaSetStatus> set) {
        List<Resource<PodSpec, PodStatus>> pods = set.children(Pod.KIND);
        List<Resource<PodSpec, PodStatus>> active =
                pods.stream().filter(Pod::active).toList();
        int missing = set.spec().replicas() - active.size();
        List<Resource<PodSpec, PodStatus>> surplus = missing >= 0
                ? List.of()
                : active.stream()
                        .sorted(new DeletionOrder(set.now()))
                        .limit(Math.min(-missing, BURST))
                        .toList();
        Set<String> going = surplus.stream().map(Resource::name).collect(Collectors.toSet());
        List<Resource<PodSpec, PodStatus>> staying = without(going, active);
        List<Pod> fresh = fresh(set, Math.min(missing, BURST));
        Plan<ReplicaSetStatus> plan = Plan.<ReplicaSetStatus>children(fresh)
                .keep(without(going, pods))
                .status(status(set, staying, fresh.size()));
        for (Resource<PodSpec, PodStatus> pod : surplus) {
            plan = plan.delete(pod);
        }
        if (Math.abs(missing) > BURST) {
            plan = plan.wakeAt(set.now());
        }
        Optional<Instant> next = nextAvailable(set, staying);
        return next.isPresent() ? plan.wakeAt(next.get()) : plan;
    }

    private static List<Resource<PodSpec, PodStatus>> without(
            Set<String> names, List<Resource<PodSpec, PodStatus>> pods) {
        return names.isEmpty()
                ? pods
                : pods.stream().filter(pod -> !names.contains(pod.name())).toList();
    }

    /** New pods in the lowest free slots. The name of a pod that goes is free only when it is gone. */
    private static List<Pod> fresh(Context<ReplicaSetSpec, ReplicaSetStatus> set, int count) {
        if (count <= 0) {
            return List.of();
        }
        Set<String> taken =
                set.list(Pod.KIND, pod -> true).stream().map(Resource::name).collect(Collectors.toSet());
        PodTemplate template = set.spec().template();
        List<Pod> pods = new ArrayList<>();
        for (int slot = 0; pods.size() < count; slot++) {
            String name = Names.child(set.name(), Integer.toString(slot), LONGEST_NAME);
            if (!taken.contains(name)) {
                pods.add(new Pod(name, template.labels(), template.spec()));
            }
        }
        return pods;
    }

    /** What there is once the plan is carried out, which is when the status becomes visible too. */
    private static ReplicaSetStatus status(
            Context<ReplicaSetSpec, ReplicaSetStatus> set, List<Resource<PodSpec, PodStatus>> staying, int fresh) {
        ReplicaSetSpec spec = set.spec();
        Map<String, String> labels = spec.template().labels();
        return new ReplicaSetStatus(
                set.metadata().generation(),
                staying.size() + fresh,
                count(staying, pod -> pod.metadata().labels().entrySet().containsAll(labels.entrySet())) + fresh,
                count(staying, Pod::ready),
                count(
                        staying,
                        pod -> availableFrom(pod, spec)
                                .filter(from -> !set.now().isBefore(from))
                                .isPresent()));
    }

    private static Optional<Instant> nextAvailable(
            Context<ReplicaSetSpec, ReplicaSetStatus> set, List<Resource<PodSpec, PodStatus>> active) {
        Optional<Instant> next = Optional.empty();
        for (Resource<PodSpec, PodStatus> pod : active) {
            Instant from = availableFrom(pod, set.spec()).orElse(Instant.MIN);
            if (set.now().isBefore(from) && (next.isEmpty() || from.isBefore(next.get()))) {
                next = Optional.of(from);
            }
        }
        return next;
    }

    /** When a pod that stays ready counts as available; inclusive. */
    private static Optional<Instant> availableFrom(Resource<PodSpec, PodStatus> pod, ReplicaSetSpec spec) {
        return pod.status().readySince().map(since -> since.plus(spec.minReady()));
    }

    private static int count(List<Resource<PodSpec, PodStatus>> pods, Predicate<Resource<PodSpec, PodStatus>> which) {
        int count = 0;
        for (Resource<PodSpec, PodStatus> pod : pods) {
            count += which.test(pod) ? 1 : 0;
        }
        return count;
    }
}
