package dev.corral.reconcile.workload;

import dev.corral.reconcile.Conditions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far a Job is. Source: Kubernetes API, {@code JobStatus}.
 *
 * @param observedGeneration the generation of the spec that all of this was decided for
 * @param active how many pods run or will; those that are being deleted aside
 * @param ready how many of the active ones are ready
 * @param terminating how many pods are being deleted and have not ended yet
 * @param succeeded how many pods, or indexes, have succeeded
 * @param failed how many pods have failed
 * @param completedIndexes the indexes that have succeeded, as in {@code 1-3,5}; empty text if there is none
 * @param failedIndexes the indexes that were given up, in the same form
 * @param uncounted pods that have ended but are not in the numbers yet; only where a store writes one thing at a time
 * @param pace how long it waits after failures
 * @param conditions {@code Suspended}; {@code SuccessCriteriaMet} or {@code FailureTarget} as soon as the end is certain;
 *     {@code Complete} or {@code Failed} when nothing runs any more
 * @param startTime when it was started or resumed; empty while it is suspended
 * @param completionTime when it was complete; empty if it isn't
 */
public record JobStatus(
        long observedGeneration,
        int active,
        int ready,
        int terminating,
        int succeeded,
        int failed,
        String completedIndexes,
        String failedIndexes,
        Uncounted uncounted,
        JobPace pace,
        Conditions conditions,
        Optional<Instant> startTime,
        Optional<Instant> completionTime) {
    /** It has succeeded, and nothing of it runs any more. */
    public static final String COMPLETE = "Complete";
    /** It was given up, and nothing of it runs any more. */
    public static final String FAILED = "Failed";
    /** It stands still. */
    public static final String SUSPENDED = "Suspended";
    /** It will be {@code Failed} when all of its pods have ended. */
    public static final String FAILURE_TARGET = "FailureTarget";
    /** It will be {@code Complete} when all of its pods have ended. */
    public static final String SUCCESS_CRITERIA_MET = "SuccessCriteriaMet";

    /** Uids of pods that have ended, and that lose their finalizer before they are counted. */
    public record Uncounted(List<String> succeeded, List<String> failed) {
        public Uncounted {
            succeeded = List.copyOf(succeeded);
            failed = List.copyOf(failed);
        }

        static Uncounted none() {
            return new Uncounted(List.of(), List.of());
        }

        boolean isEmpty() {
            return succeeded.isEmpty() && failed.isEmpty();
        }

        boolean has(String uid) {
            return succeeded.contains(uid) || failed.contains(uid);
        }
    }

    /** Whether it has succeeded, and nothing of it runs any more. */
    public boolean complete() {
        return conditions.holds(COMPLETE);
    }

    /** Whether it was given up, and nothing of it runs any more. */
    public boolean hasFailed() {
        return conditions.holds(FAILED);
    }

    /** Whether it has come to its end, one way or the other. */
    public boolean finished() {
        return complete() || hasFailed();
    }
}
