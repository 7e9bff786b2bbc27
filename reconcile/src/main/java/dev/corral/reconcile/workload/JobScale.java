package dev.corral.reconcile.workload;

import dev.corral.reconcile.Context;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which pods a Job starts and which it deletes, while its end is open.
 *
 * @param replaced the indexes of which a failed pod is replaced
 * @param wake when more may be started; empty if that follows from something else
 */
record JobScale(
        List<Declared<PodSpec, PodStatus>> fresh,
        List<Resource<PodSpec, PodStatus>> doomed,
        Set<Integer> replaced,
        Optional<Instant> wake) {
    /** So many pods at most are created or deleted in one pass; the next one goes on. */
    static final int BURST = 500;

    private static JobScale deleting(List<Resource<PodSpec, PodStatus>> pods) {
        return new JobScale(List.of(), pods, Set.of(), Optional.empty());
    }

    /** At the end all that is active goes. */
    static JobScale ending(List<Resource<PodSpec, PodStatus>> pods) {
        return deleting(pods.stream().filter(Pod::active).toList());
    }

    static JobScale of(Context<JobSpec, JobStatus> job, List<Resource<PodSpec, PodStatus>> pods, JobTally tally) {
        Availability availability = new Availability(Duration.ZERO, job.now());
        List<Resource<PodSpec, PodStatus>> active = pods.stream()
                .filter(Pod::active)
                .sorted(DeletionOrder.of(availability, pods, Siblings.of(pods)))
                .toList();
        int wanted = wanted(job.spec(), active.size(), tally);
        List<Resource<PodSpec, PodStatus>> doomed = surplus(job.spec(), active, wanted, tally);
        if (!doomed.isEmpty()) {
            // Whatever is missing then is found missing by the next pass.
            JobScale deleting = deleting(doomed.stream().limit(BURST).toList());
            return new JobScale(List.of(), deleting.doomed, Set.of(), Optional.of(job.now()));
        }
        int going = job.spec().replacesFailedOnly()
                ? (int) pods.stream().filter(JobPods::ending).count()
                : 0;
        int missing = wanted - active.size() - going;
        return missing <= 0 ? deleting(List.of()) : new Starting(job, pods, tally).start(missing);
    }

    private static int wanted(JobSpec spec, int active, JobTally tally) {
        int atOnce = spec.parallelism().orElseThrow();
        if (spec.suspend()) {
            return 0;
        }
        return spec.completions()
                .map(all -> Math.max(0, Math.min(all - tally.successes(), atOnce)))
                .orElseGet(() -> tally.successes() > 0 ? Math.min(active, atOnce) : atOnce);
    }

    /** What is twice or isn't wanted any more, and then what serves least. */
    private static List<Resource<PodSpec, PodStatus>> surplus(
            JobSpec spec, List<Resource<PodSpec, PodStatus>> active, int wanted, JobTally tally) {
        List<Resource<PodSpec, PodStatus>> doomed = new ArrayList<>();
        if (spec.indexed()) {
            Set<Integer> seen = new HashSet<>();
            for (int i = active.size() - 1; i >= 0; i--) {
                OptionalInt index = JobPods.index(active.get(i));
                boolean open = index.isPresent()
                        && index.getAsInt() < spec.indexes()
                        && !tally.completed().has(index.getAsInt())
                        && !tally.failedIndexes().has(index.getAsInt());
                if (!open || !seen.add(index.getAsInt())) {
                    doomed.add(active.get(i));
                }
            }
        }
        active.stream()
                .filter(pod -> !doomed.contains(pod))
                .limit(Math.max(0, active.size() - doomed.size() - wanted))
                .forEach(doomed::add);
        return doomed;
    }

    /** What is started in one pass. */
    private static final class Starting {
        private final Context<JobSpec, JobStatus> job;
        private final JobSpec spec;
        private final List<Resource<PodSpec, PodStatus>> pods;
        private final JobTally tally;
        private final Set<String> given = new HashSet<>();
        private final List<Declared<PodSpec, PodStatus>> fresh = new ArrayList<>();
        private final Set<Integer> replaced = new HashSet<>();
        private Optional<Instant> wake = Optional.empty();

        Starting(Context<JobSpec, JobStatus> job, List<Resource<PodSpec, PodStatus>> pods, JobTally tally) {
            this.job = job;
            this.spec = job.spec();
            this.pods = pods;
            this.tally = tally;
        }

        JobScale start(int missing) {
            Optional<Instant> until = spec.backoffLimitPerIndex().isPresent()
                    ? Optional.empty()
                    : tally.pace().until();
            if (until.filter(job.now()::isBefore).isPresent()) {
                wake = until;
            } else if (spec.indexed()) {
                startIndexes(missing);
            } else {
                for (int number = 0; fresh.size() < Math.min(missing, BURST); number++) {
                    add(JobPods.plain(job.metadata(), spec, number));
                }
            }
            if (fresh.size() == BURST) {
                wake = Optional.of(job.now());
            }
            return new JobScale(List.copyOf(fresh), List.of(), Set.copyOf(replaced), wake);
        }

        /** The lowest that are neither active nor at their end, those aside that have to wait. */
        private void startIndexes(int missing) {
            Set<Integer> busy = pods.stream()
                    .filter(pod -> Pod.active(pod) || (spec.replacesFailedOnly() && JobPods.ending(pod)))
                    .flatMap(pod -> JobPods.index(pod).stream().boxed())
                    .collect(Collectors.toSet());
            for (int index = 0; index < spec.indexes() && fresh.size() < Math.min(missing, BURST); index++) {
                boolean open = !busy.contains(index)
                        && !tally.completed().has(index)
                        && !tally.failedIndexes().has(index);
                if (open && due(index)) {
                    startIndex(index);
                }
            }
        }

        private boolean due(int index) {
            Optional<Instant> until = tally.waiting(index)
                    .map(pod -> JobPods.end(pod, job.now())
                            .plus(JobPace.delay(
                                    JobPods.IndexFailures.before(pod).all() + 1)))
                    .filter(job.now()::isBefore);
            until.ifPresent(due -> wake = Optional.of(wake.filter(due::isAfter).orElse(due)));
            return until.isEmpty();
        }

        private void startIndex(int index) {
            JobPods.IndexFailures failures = tally.waiting(index)
                    .map(pod -> JobPods.IndexFailures.before(pod).and(tally.isFailure(pod)))
                    .orElseGet(JobPods.IndexFailures::none);
            int before = fresh.size();
            for (int number = 0; fresh.size() == before; number++) {
                add(JobPods.indexed(job.metadata(), spec, index, number, failures));
            }
            replaced.add(index);
        }

        /** Unless its name is taken: that of a pod that goes is free only when it is gone. */
        private void add(Declared<PodSpec, PodStatus> pod) {
            if (!Slots.taken(job, pod.name()) && given.add(pod.name())) {
                fresh.add(pod);
            }
        }
    }
}
