package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pods of a DaemonSet on one node.
 *
 * @param shouldRun whether one is started there
 * @param shouldContinue whether one that runs there stays
 * @param alive whether the node's agent runs
 * @param all oldest first, those that are going included
 * @param update the revision of the present template
 */
record DaemonPods(
        String name,
        boolean shouldRun,
        boolean shouldContinue,
        boolean alive,
        List<Resource<PodSpec, PodStatus>> all,
        String update,
        Availability availability) {
    /** Those that aren't going. */
    List<Resource<PodSpec, PodStatus>> staying() {
        return all.stream().filter(pod -> !pod.metadata().terminating()).toList();
    }

    private List<Resource<PodSpec, PodStatus>> active() {
        return all.stream().filter(Pod::active).toList();
    }

    boolean isFresh(Resource<PodSpec, PodStatus> pod) {
        return Revisions.of(pod).equals(update);
    }

    Optional<Resource<PodSpec, PodStatus>> fresh() {
        return active().stream().filter(this::isFresh).findFirst();
    }

    Optional<Resource<PodSpec, PodStatus>> old() {
        return active().stream().filter(pod -> !isFresh(pod)).findFirst();
    }

    /** Whether the node is served by one pod that is available. */
    boolean served() {
        return active().size() == 1 && availability.of(active().get(0));
    }

    /** All but the oldest. */
    List<Resource<PodSpec, PodStatus>> beyondOne() {
        return active().stream().skip(1).toList();
    }

    /** All but one new and one old one; and the old one too where it isn't ready, or the new one is available. */
    List<Resource<PodSpec, PodStatus>> beyondTwo() {
        Optional<Resource<PodSpec, PodStatus>> fresh = fresh();
        Optional<Resource<PodSpec, PodStatus>> old = old();
        List<Resource<PodSpec, PodStatus>> beyond = new ArrayList<>(active());
        fresh.ifPresent(beyond::remove);
        old.ifPresent(beyond::remove);
        if (fresh.isPresent() && old.isPresent()) {
            if (!Pod.ready(old.get()) || availability.of(fresh.get())) {
                beyond.add(old.get());
            }
        }
        return beyond;
    }
}
