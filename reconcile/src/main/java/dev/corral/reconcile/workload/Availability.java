package dev.corral.reconcile.workload;

import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * Which pods count as available: those that have been ready for long enough.
 *
 * @param minReady how long
 */
record Availability(Duration minReady, Instant now) {
    /** When a pod that stays ready counts; empty if it isn't ready. Inclusive, so a wake-up at that instant finds it available. */
    Optional<Instant> from(Resource<PodSpec, PodStatus> pod) {
        return pod.status().readySince().map(since -> since.plus(minReady));
    }

    boolean of(Resource<PodSpec, PodStatus> pod) {
        return from(pod).filter(from -> !now.isBefore(from)).isPresent();
    }

    int count(Collection<Resource<PodSpec, PodStatus>> pods) {
        return (int) pods.stream().filter(this::of).count();
    }

    /** When the next of these pods becomes available if they stay ready. */
    Optional<Instant> next(Collection<Resource<PodSpec, PodStatus>> pods) {
        return pods.stream()
                .flatMap(pod -> from(pod).stream())
                .filter(now::isBefore)
                .min(Instant::compareTo);
    }
}
