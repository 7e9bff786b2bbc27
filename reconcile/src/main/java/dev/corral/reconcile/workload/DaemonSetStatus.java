package dev.corral.reconcile.workload;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What a DaemonSet has. All numbers but the last are of nodes. Source: Kubernetes API, {@code DaemonSetStatus}.
 *
 * @param observedGeneration the generation of the spec that all of this was decided for
 * @param desiredNumberScheduled how many nodes shall have a pod
 * @param currentNumberScheduled how many of them have one
 * @param numberMisscheduled how many others have one
 * @param numberReady how many have one that is ready
 * @param updatedNumberScheduled how many have one of the present template
 * @param numberAvailable how many have one that has been ready for long enough
 * @param numberUnavailable how many have none such
 * @param collisionCount how often the name of a new revision was taken
 * @param backOffs how long a node whose pod has failed waits for the next one, by the node's name
 */
public record DaemonSetStatus(
        long observedGeneration,
        int desiredNumberScheduled,
        int currentNumberScheduled,
        int numberMisscheduled,
        int numberReady,
        int updatedNumberScheduled,
        int numberAvailable,
        int numberUnavailable,
        int collisionCount,
        Map<String, BackOff> backOffs) {
    /**
     * A pause between a failure and what follows it.
     *
     * @param since when a failed pod was last taken away
     * @param delay how long the next one that fails stays
     */
    public record BackOff(Instant since, Duration delay) {
        private static final Duration FIRST = Duration.ofSeconds(1);
        private static final Duration LONGEST = Duration.ofMinutes(15);

        static BackOff first(Instant now) {
            return new BackOff(now, FIRST);
        }

        Instant end() {
            return since.plus(delay);
        }

        /** Twice as long, or from the beginning where nothing has failed for long. */
        BackOff next(Instant now) {
            if (since.plus(LONGEST.multipliedBy(2)).isBefore(now)) {
                return first(now);
            }
            Duration twice = delay.multipliedBy(2);
            return new BackOff(now, twice.compareTo(LONGEST) > 0 ? LONGEST : twice);
        }
    }

    public DaemonSetStatus {
        backOffs = Copies.sorted(backOffs);
    }
}
