package dev.corral.reconcile.workload;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Commit;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Takes away the oldest of the pods that have ended for good, once there are too many of them. Source: Kubernetes, the garbage
 * collector of pods.
 *
 * @param most how many stay, 0 or more
 */
record EndedPods(Store store, Clock clock, int most) {
    private static final Duration AGAIN = Duration.ofSeconds(1);

    /** Adds the loop to a manager that is about to start. */
    static void into(ControllerManager manager, Store store, Clock clock, int most) {
        manager.loop(
                "ended pods",
                Pod.KIND,
                new EndedPods(store, clock, most)::look,
                options -> options.concerns(EndedPods::ended));
    }

    Optional<Instant> look(Key key, Snapshot snapshot) {
        if (snapshot.get(Pod.KIND, key).filter(EndedPods::ended).isEmpty()) {
            return Optional.empty();
        }
        List<Resource<PodSpec, PodStatus>> ended = snapshot.find(Pod.KIND, Pod.ENDED_INDEX, "true").stream()
                .filter(EndedPods::ended)
                .toList();
        Commit commit = Commit.by("ended pods");
        for (Resource<PodSpec, PodStatus> pod : oldest(ended, ended.size() - most)) {
            commit = commit.delete(pod);
        }
        return commit.size() == 0 || store.commit(commit).ok()
                ? Optional.empty()
                : Optional.of(clock.now().plus(AGAIN));
    }

    private static boolean ended(Resource<PodSpec, PodStatus> pod) {
        return pod.status().phase().terminal() && !pod.metadata().terminating();
    }

    private static List<Resource<PodSpec, PodStatus>> oldest(List<Resource<PodSpec, PodStatus>> ended, int count) {
        return count <= 0
                ? List.of()
                : ended.stream()
                        .sorted(Comparator.comparing((Resource<PodSpec, PodStatus> pod) ->
                                        pod.metadata().created())
                                .thenComparing(Resource::name))
                        .limit(count)
                        .toList();
    }
}
