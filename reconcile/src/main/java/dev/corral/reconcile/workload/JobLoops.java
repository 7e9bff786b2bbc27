package dev.corral.reconcile.workload;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Commit;
import dev.corral.reconcile.Condition;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Propagation;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What has to be done for Jobs besides their passes: what has finished goes in time, and pods without a Job are let go. */
final class JobLoops {
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Store store;
    private final Clock clock;

    private JobLoops(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Adds the loops to a manager that is about to start. */
    static void into(ControllerManager manager, Store store, Clock clock) {
        JobLoops loops = new JobLoops(store, clock);
        manager.loop("job pods", Pod.KIND, loops::pod, options -> options.concerns(JobPods::tracked));
        manager.loop("finished jobs", Job.KIND, loops::job);
    }

    /** Nobody counts a pod whose Job is gone or being deleted, so nobody has to agree to its end. */
    private Optional<Instant> pod(Key key, Snapshot snapshot) {
        Optional<Resource<PodSpec, PodStatus>> uncounted = snapshot.get(Pod.KIND, key)
                .filter(JobPods::tracked)
                .filter(pod -> snapshot.owner(pod)
                        .filter(owner -> owner.kind().equals(Job.KIND)
                                && !owner.metadata().terminating())
                        .isEmpty());
        return uncounted.flatMap(pod -> unlessDone(Commit.by("job pods").letGo(pod, JobPods.TRACKING)));
    }

    private Optional<Instant> job(Key key, Snapshot snapshot) {
        Optional<Resource<JobSpec, JobStatus>> job =
                snapshot.get(Job.KIND, key).filter(found -> !found.metadata().terminating());
        Optional<Instant> due = job.flatMap(JobLoops::expiry);
        if (due.isEmpty()) {
            return Optional.empty();
        }
        return due.get().isAfter(clock.now())
                ? due
                : unlessDone(Commit.by("finished jobs").delete(job.get(), Propagation.FOREGROUND));
    }

    /** When a finished Job goes. */
    static Optional<Instant> expiry(Resource<JobSpec, JobStatus> job) {
        JobStatus status = job.status();
        Optional<Instant> end = status.completionTime()
                .or(() -> status.conditions()
                        .get(JobStatus.FAILED)
                        .filter(Condition::holds)
                        .map(Condition::lastTransition));
        return job.spec().ttlAfterFinished().flatMap(ttl -> end.map(at -> at.plus(ttl)));
    }

    private Optional<Instant> unlessDone(Commit commit) {
        return store.commit(commit).ok()
                ? Optional.empty()
                : Optional.of(clock.now().plus(AGAIN));
    }
}
