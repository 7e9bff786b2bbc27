package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Context;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keeps as many pods as a ReplicaSet wants. Pure. Source: Kubernetes, the ReplicaSet controller. */
public final class ReplicaSetController {
    /** So many pods at most are created or deleted in one pass; the next one goes on. */
    static final int BURST = 500;

    private ReplicaSetController() {}

    /** One pass: pods that exist are kept, whatever they look like; only missing ones are made from the template. */
    public static Plan<ReplicaSetStatus> reconcile(Context<ReplicaSetSpec, ReplicaSetStatus> set) {
        List<Resource<PodSpec, PodStatus>> pods = set.children(Pod.KIND);
        List<Resource<PodSpec, PodStatus>> active =
                pods.stream().filter(Pod::active).toList();
        GivenUp givenUp = new GivenUp(pods, set.now());
        int wanting = set.spec().replicas() - active.size();
        int missing = wanting <= 0 ? wanting : Math.max(0, wanting - givenUp.waiting());
        List<Resource<PodSpec, PodStatus>> surplus = surplus(set, active, Math.min(-missing, BURST));
        Set<String> going = surplus.stream().map(Resource::name).collect(Collectors.toSet());
        List<Resource<PodSpec, PodStatus>> staying = without(going, active);
        int fresh = Math.min(missing, batch(set, active.size()));
        PodTemplate template = set.spec().template();
        List<Pod> created = Slots.free(set, fresh).stream()
                .map(name -> new Pod(name, template.labels(), template.spec()))
                .toList();
        Plan<ReplicaSetStatus> plan = Plan.<ReplicaSetStatus>children(created)
                .keep(without(going, pods))
                .status(status(set, staying, created.size(), surplus.size()));
        for (Resource<PodSpec, PodStatus> pod : surplus) {
            plan = plan.delete(pod);
        }
        if (created.size() - surplus.size() != missing) {
            plan = plan.wakeAt(set.now());
        }
        for (Instant next : Stream.of(availability(set).next(staying), givenUp.next())
                .flatMap(Optional::stream)
                .toList()) {
            plan = plan.wakeAt(next);
        }
        return plan;
    }

    private static List<Resource<PodSpec, PodStatus>> without(
            Set<String> names, List<Resource<PodSpec, PodStatus>> pods) {
        return names.isEmpty()
                ? pods
                : pods.stream().filter(pod -> !names.contains(pod.name())).toList();
    }

    /**
     * How many pods are created at once: one, then 2, 4, 8 and so on. A template that is refused costs one
     * refusal, however many pods are wanted, and what goes on afterwards begins with one again.
     */
    private static int batch(Context<ReplicaSetSpec, ReplicaSetStatus> set, int active) {
        boolean refused = set.status().conditions().holds(ReplicaSetStatus.REPLICA_FAILURE);
        return refused ? 1 : Math.min(active + 1, BURST);
    }

    private static List<Resource<PodSpec, PodStatus>> surplus(
            Context<ReplicaSetSpec, ReplicaSetStatus> set, List<Resource<PodSpec, PodStatus>> active, int count) {
        if (count <= 0 || count == active.size()) {
            return count <= 0 ? List.of() : active; // there is nothing to choose
        }
        DeletionOrder order = DeletionOrder.of(availability(set), active, Siblings.of(set.snapshot(), set.resource()));
        return active.stream().sorted(order).limit(count).toList();
    }

    /** The status after a pass that was refused: nothing was created, and why. */
    static Optional<ReplicaSetStatus> refused(Context<ReplicaSetSpec, ReplicaSetStatus> set, Exception error) {
        List<Resource<PodSpec, PodStatus>> active =
                set.children(Pod.KIND).stream().filter(Pod::active).toList();
        ReplicaSetStatus now = status(set, active, 0, 0);
        Condition failure = new Condition(
                ReplicaSetStatus.REPLICA_FAILURE,
                Condition.Status.TRUE,
                active.size() < set.spec().replicas() ? "FailedCreate" : "FailedDelete",
                String.valueOf(error.getMessage()),
                set.metadata().generation(),
                set.now());
        return Optional.of(now.conditions(set.status().conditions().with(failure)));
    }

    /** What there is once the plan is carried out, which is when the status becomes visible too. */
    private static ReplicaSetStatus status(
            Context<ReplicaSetSpec, ReplicaSetStatus> set,
            List<Resource<PodSpec, PodStatus>> staying,
            int fresh,
            int leaving) {
        Map<String, String> labels = set.spec().template().labels();
        return new ReplicaSetStatus(
                set.metadata().generation(),
                staying.size() + fresh,
                count(staying, pod -> pod.metadata().labels().entrySet().containsAll(labels.entrySet())) + fresh,
                count(staying, Pod::ready),
                availability(set).count(staying),
                count(set.children(Pod.KIND), ReplicaSetController::going) + leaving,
                Conditions.none());
    }

    private static boolean going(Resource<PodSpec, PodStatus> pod) {
        return pod.metadata().terminating() && !pod.status().phase().terminal();
    }

    private static Availability availability(Context<ReplicaSetSpec, ReplicaSetStatus> set) {
        return new Availability(set.spec().minReady(), set.now());
    }

    private static int count(List<Resource<PodSpec, PodStatus>> pods, Predicate<Resource<PodSpec, PodStatus>> which) {
        int count = 0;
        for (Resource<PodSpec, PodStatus> pod : pods) {
            count += which.test(pod) ? 1 : 0;
        }
        return count;
    }
}
