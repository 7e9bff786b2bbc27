package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/**
 * Which pods a ReplicaSet gives up first: those that serve least. Ages are compared by their order of magnitude, and pods of
 * similar age by their uid, so that deletions spread over them.
 */
final class DeletionOrder implements Comparator<Resource<PodSpec, PodStatus>> {
    private final Comparator<Resource<PodSpec, PodStatus>> order;

    DeletionOrder(Instant now) {
        Comparator<Resource<PodSpec, PodStatus>> unready = Comparator.comparingInt(
                        (Resource<PodSpec, PodStatus> pod) -> -pod.status().restarts())
                .thenComparingInt(pod -> magnitude(pod.metadata().created(), now));
        Comparator<Resource<PodSpec, PodStatus>> ready = Comparator.comparingInt(
                pod -> magnitude(pod.status().readySince().orElse(now), now));
        order = Comparator.<Resource<PodSpec, PodStatus>, PodPhase>comparing(
                        pod -> pod.status().phase())
                .thenComparing(pod -> pod.status().ready())
                .thenComparing(
                        (one, other) -> one.status().ready() ? ready.compare(one, other) : unready.compare(one, other))
                .thenComparing(pod -> pod.metadata().uid());
    }

    @Override
    public int compare(Resource<PodSpec, PodStatus> one, Resource<PodSpec, PodStatus> other) {
        return order.compare(one, other);
    }

    /** The number of digits of an age in nanoseconds; 0 for one that is not positive. */
    static int magnitude(Instant since, Instant now) {
        Duration age = Duration.between(since, now);
        return age.isZero() || age.isNegative()
                ? 0
                : Long.toString(age.toNanos()).length();
    }
}
