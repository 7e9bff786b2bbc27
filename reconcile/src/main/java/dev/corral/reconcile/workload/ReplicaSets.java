package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/**
 * The ReplicaSets of a Deployment that aren't being deleted.
 *
 * @param all oldest first
 * @param fresh the one of the present template: the oldest such, so that of two twins it is always the same
 */
record ReplicaSets(
        List<Resource<ReplicaSetSpec, ReplicaSetStatus>> all,
        Optional<Resource<ReplicaSetSpec, ReplicaSetStatus>> fresh) {
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MOST = "deployment.kubernetes.io/max-replicas";

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    static ReplicaSets of(Context<DeploymentSpec, DeploymentStatus> deployment) {
        List<Resource<ReplicaSetSpec, ReplicaSetStatus>> sets = deployment.children(ReplicaSet.KIND).stream()
                .filter(set -> !set.metadata().terminating())
                .sorted(Comparator.comparing((Resource<ReplicaSetSpec, ReplicaSetStatus> set) ->
                                set.metadata().created())
                        .thenComparing(set -> set.metadata().uid()))
                .toList();
        return new ReplicaSets(
                sets,
                sets.stream()
                        .filter(set ->
                                set.spec().template().sameAs(deployment.spec().template()))
                        .findFirst());
    }

    /** The revisions of a Deployment, oldest first. Those that it takes over from somebody else and has not numbered yet are left out. */
    static List<Revision> history(Snapshot snapshot, Resource<DeploymentSpec, DeploymentStatus> deployment) {
        return snapshot.children(ReplicaSet.KIND, deployment.metadata().uid()).stream()
                .filter(set -> !set.metadata().terminating() && revision(set) > 0)
                .map(set -> new Revision(
                        revision(set),
                        set.name(),
                        set.spec().template().withoutHash(),
                        set.metadata().created(),
                        set.spec().template().sameAs(deployment.spec().template())))
                .sorted(Comparator.comparingLong(Revision::number).thenComparing(Revision::name))
                .toList();
    }

    List<Resource<ReplicaSetSpec, ReplicaSetStatus>> old() {
        return all.stream().filter(set -> !isFresh(set)).toList();
    }

    boolean isFresh(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
        return fresh.filter(set::equals).isPresent();
    }

    /** Those that want pods. */
    List<Resource<ReplicaSetSpec, ReplicaSetStatus>> active() {
        return all.stream().filter(set -> set.spec().replicas() > 0).toList();
    }

    int sum(ToIntFunction<Resource<ReplicaSetSpec, ReplicaSetStatus>> number) {
        return all.stream().mapToInt(number).sum();
    }

    /** Whether each of them has reported on its newest size: before that there may be more pods than it wants. */
    boolean observed() {
        return all.stream().allMatch(ReplicaSets::observed);
    }

    /** A status from before the last change of the spec proves nothing. */
    static boolean observed(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
        return set.status().observedGeneration() >= set.metadata().generation();
    }

    /** It has no pods and wants none. */
    static boolean empty(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
        return set.spec().replicas() == 0 && set.status().replicas() == 0 && observed(set);
    }

    static int revision(Resource<ReplicaSetSpec, ReplicaSetStatus> set) {
        return number(set, REVISION).orElse(0);
    }

    /** A number that was noted; empty if none was, or it isn't one. */
    static Optional<Integer> number(Resource<ReplicaSetSpec, ReplicaSetStatus> set, String annotation) {
        return Optional.ofNullable(set.metadata().annotations().get(annotation))
                .filter(text -> NUMBER.matcher(text).matches())
                .map(Integer::valueOf);
    }

    /** The revision of the present template: one above those of all others. */
    int nextRevision() {
        return old().stream().mapToInt(ReplicaSets::revision).max().orElse(0) + 1;
    }

    /** The old ones that are to go: the oldest revisions beyond a limit, unless they have pods. */
    List<Resource<ReplicaSetSpec, ReplicaSetStatus>> beyond(int limit) {
        List<Resource<ReplicaSetSpec, ReplicaSetStatus>> old = old();
        return old.stream()
                .sorted(Comparator.comparingLong(ReplicaSets::revision))
                .limit(Math.max(0, old.size() - limit))
                .filter(ReplicaSets::empty)
                .toList();
    }

    /** All of them, by their uid. */
    Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new HashMap<>();
        all.forEach(set -> sizes.put(set.metadata().uid(), set.spec().replicas()));
        return sizes;
    }
}
