package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the ended pods of a Job come to.
 *
 * <p>A pod has a finalizer until it is counted. Where a store has transactions, the finalizer goes in the commit in which the
 * number rises. Where it writes one thing at a time, the status names the pod first, then the finalizer goes, and the last write
 * of that plan, the status again, moves it from the names to the number; cut short anywhere, the next pass goes on. A completed
 * index is noted by itself, and needs no name.
 *
 * <p>With a limit per index, the last failed pod of an index keeps its finalizer, and so its count of failures, until another
 * pod has taken over.
 */
final class JobTally {
    private final JobSpec spec;
    private final JobStatus status;
    private final Instant now;
    private final boolean transactional;
    private final List<Resource<PodSpec, PodStatus>> succeeded;
    private final List<Resource<PodSpec, PodStatus>> failed;
    private final Indexes before;
    private final Indexes completed;
    private final Indexes failedIndexes;
    private final Map<Integer, Resource<PodSpec, PodStatus>> last;

    /** @param finishing whether the end is certain; pods that go are counted then as they end */
    JobTally(Context<JobSpec, JobStatus> job, List<Resource<PodSpec, PodStatus>> pods, boolean finishing) {
        this.spec = job.spec();
        this.status = job.status();
        this.now = job.now();
        this.transactional = job.transactional();
        List<Resource<PodSpec, PodStatus>> tracked =
                pods.stream().filter(JobPods::tracked).toList();
        this.succeeded = tracked.stream()
                .filter(pod -> pod.status().phase() == PodPhase.SUCCEEDED)
                .toList();
        this.failed = tracked.stream()
                .filter(pod -> JobPods.failed(pod, finishing || spec.replacesFailedOnly()))
                .toList();
        this.before = Indexes.read(status.completedIndexes(), spec.indexes());
        Indexes done = before;
        for (Resource<PodSpec, PodStatus> pod : succeeded) {
            done = counts(pod) && spec.indexed() ? done.with(JobPods.index(pod).orElseThrow()) : done;
        }
        this.completed = done;
        // What is ended because the end of all is certain has not been given up.
        this.failedIndexes = givenUp(failed.stream()
                .filter(pod -> !finishing || !pod.metadata().terminating())
                .toList());
        this.last = finishing || spec.backoffLimitPerIndex().isEmpty() ? Map.of() : last(pods);
    }

    /** The indexes that have succeeded. */
    Indexes completed() {
        return completed;
    }

    /** The indexes that have been given up. */
    Indexes failedIndexes() {
        return failedIndexes;
    }

    /** How many pods, or indexes, have succeeded, those not settled yet included. */
    int successes() {
        return spec.indexed()
                ? completed.size()
                : status.succeeded()
                        + status.uncounted().succeeded().size()
                        + fresh(succeeded).size();
    }

    /** How many pods have failed, those not settled yet included. */
    int failures() {
        return status.failed()
                + status.uncounted().failed().size()
                + (int) fresh(failed).stream()
                        .filter(pod -> counts(pod) && isFailure(pod))
                        .count();
    }

    /** The last failed pod of an index, which waits for the one that replaces it; with a limit per index only. */
    Optional<Resource<PodSpec, PodStatus>> waiting(int index) {
        return Optional.ofNullable(last.get(index));
    }

    /** Whether a failed pod is a failure of its index. */
    boolean isFailure(Resource<PodSpec, PodStatus> pod) {
        return action(pod) != PodFailurePolicy.Action.IGNORE;
    }

    /** How long the Job has to wait, once all that has ended is known. */
    JobPace pace() {
        return status.pace()
                .after(
                        ends(fresh(succeeded)),
                        ends(fresh(failed).stream()
                                .filter(pod -> !last.containsValue(pod))
                                .toList()));
    }

    /**
     * What is to be written.
     *
     * @param letGo pods that lose their finalizer
     * @param more whether another pass has to follow at once
     */
    record Result(
            int succeeded,
            int failed,
            JobStatus.Uncounted uncounted,
            List<Resource<PodSpec, PodStatus>> letGo,
            boolean more) {}

    /** @param replaced the indexes for which a pod takes over now */
    Result result(Set<Integer> replaced) {
        List<Resource<PodSpec, PodStatus>> letGo = new ArrayList<>();
        List<String> successes = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        boolean more = false;
        for (Resource<PodSpec, PodStatus> pod : succeeded) {
            boolean noted = status.uncounted().has(pod.metadata().uid());
            boolean settled = !counts(pod)
                    || (spec.indexed() && before.has(JobPods.index(pod).orElseThrow()));
            if (transactional || noted || settled) {
                letGo.add(pod);
            } else {
                more = true;
            }
            if (!noted && !settled && !spec.indexed()) {
                successes.add(pod.metadata().uid());
            }
        }
        for (Resource<PodSpec, PodStatus> pod : failed) {
            OptionalInt index = JobPods.index(pod);
            if (last.containsValue(pod) && !replaced.contains(index.orElseThrow())) {
                continue;
            }
            boolean noted = status.uncounted().has(pod.metadata().uid());
            boolean counting = counts(pod) && isFailure(pod);
            if (transactional || noted || !counting) {
                letGo.add(pod);
            } else {
                more = true;
            }
            if (!noted && counting) {
                failures.add(pod.metadata().uid());
            }
        }
        int counted = transactional ? successes.size() : 0;
        return new Result(
                spec.indexed()
                        ? completed.size()
                        : status.succeeded() + status.uncounted().succeeded().size() + counted,
                status.failed() + status.uncounted().failed().size() + (transactional ? failures.size() : 0),
                transactional ? JobStatus.Uncounted.none() : new JobStatus.Uncounted(successes, failures),
                List.copyOf(letGo),
                more);
    }

    private Indexes givenUp(List<Resource<PodSpec, PodStatus>> failed) {
        Indexes given = Indexes.read(status.failedIndexes(), spec.indexes());
        int limit = spec.backoffLimitPerIndex().orElse(Integer.MAX_VALUE);
        for (Resource<PodSpec, PodStatus> pod : failed) {
            boolean gone = action(pod) == PodFailurePolicy.Action.FAIL_INDEX
                    || (isFailure(pod) && JobPods.IndexFailures.before(pod).counted() >= limit);
            if (gone && spec.indexed() && counts(pod)) {
                int index = JobPods.index(pod).orElseThrow();
                given = completed.has(index) ? given : given.with(index);
            }
        }
        return given;
    }

    /** The last failed pod of each index that is open and has no other pod. */
    private Map<Integer, Resource<PodSpec, PodStatus>> last(List<Resource<PodSpec, PodStatus>> pods) {
        Comparator<Resource<PodSpec, PodStatus>> order = Comparator.<Resource<PodSpec, PodStatus>>comparingInt(
                        pod -> JobPods.IndexFailures.before(pod).all())
                .thenComparing(pod -> pod.metadata().created())
                .thenComparing(pod -> pod.metadata().uid());
        Map<Integer, Resource<PodSpec, PodStatus>> found = new HashMap<>();
        failed.stream()
                .filter(this::counts)
                .filter(pod -> !status.uncounted().has(pod.metadata().uid()))
                .sorted(order)
                .forEach(pod -> found.put(JobPods.index(pod).orElseThrow(), pod));
        found.keySet().removeIf(index -> completed.has(index) || failedIndexes.has(index));
        pods.stream().filter(Pod::active).forEach(pod -> JobPods.index(pod).ifPresent(found::remove));
        return found;
    }

    /** Those that no status knows yet. */
    private List<Resource<PodSpec, PodStatus>> fresh(List<Resource<PodSpec, PodStatus>> pods) {
        return pods.stream()
                .filter(pod -> !status.uncounted().has(pod.metadata().uid()))
                .toList();
    }

    /** Whether it stands for something that is wanted. */
    private boolean counts(Resource<PodSpec, PodStatus> pod) {
        OptionalInt index = JobPods.index(pod);
        return !spec.indexed() || (index.isPresent() && index.getAsInt() < spec.indexes());
    }

    private PodFailurePolicy.Action action(Resource<PodSpec, PodStatus> pod) {
        return spec.podFailurePolicy().orElseGet(PodFailurePolicy::none).action(pod);
    }

    private Collection<Instant> ends(List<Resource<PodSpec, PodStatus>> pods) {
        return pods.stream().map(pod -> JobPods.end(pod, now)).toList();
    }
}
