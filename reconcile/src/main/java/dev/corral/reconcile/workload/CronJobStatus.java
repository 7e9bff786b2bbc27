package dev.corral.reconcile.workload;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a CronJob has done. Source: Kubernetes API, {@code CronJobStatus}.
 *
 * @param observedGeneration the generation of the spec that all of this was decided for
 * @param active the names of its Jobs that have not finished
 * @param lastScheduleTime the last due time for which a Job was started
 * @param lastSuccessfulTime when a Job was complete last
 */
public record CronJobStatus(
        long observedGeneration,
        List<String> active,
        Optional<Instant> lastScheduleTime,
        Optional<Instant> lastSuccessfulTime) {
    public CronJobStatus {
        active = List.copyOf(active);
    }
}
