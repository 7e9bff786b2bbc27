package dev.corral.reconcile.plane;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.workload.ConcurrencyPolicy;
import dev.corral.reconcile.workload.CronJobSpec;
import dev.corral.reconcile.workload.CronJobStatus;
import dev.corral.reconcile.workload.DaemonSetStatus;
import dev.corral.reconcile.workload.DeploymentSpec;
import dev.corral.reconcile.workload.DeploymentStatus;
import dev.corral.reconcile.workload.JobSpec;
import dev.corral.reconcile.workload.JobStatus;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.ReplicaSet;
import dev.corral.reconcile.workload.ReplicaSetSpec;
import dev.corral.reconcile.workload.ReplicaSetStatus;
import dev.corral.reconcile.workload.Schedule;
import dev.corral.reconcile.workload.StatefulSetSpec;
import dev.corral.reconcile.workload.StatefulSetStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How far a resource is and what it waits for, in a line, as in {@code 2 of 3 updated, waits for web-2: ...}. Pure. */
final class Progress {
    private static final String REVISION = "deployment.kubernetes.io/revision";

    private final Snapshot snapshot;
    private final Resource<?, ?> resource;
    private final Instant now;

    private Progress(Snapshot snapshot, Resource<?, ?> resource, Instant now) {
        this.snapshot = snapshot;
        this.resource = resource;
        this.now = now;
    }

    /** Empty for kinds that make no progress, and for what has arrived and has nothing to tell. */
    static Optional<String> of(Snapshot snapshot, Resource<?, ?> resource, Instant now) {
        return new Progress(snapshot, resource, now).line();
    }

    /** Whether what a status says is told in that line; of other kinds it tells what goes wrong only. */
    static boolean tells(Resource<?, ?> resource) {
        Object status = resource.status();
        return status instanceof PodStatus
                || status instanceof DeploymentStatus
                || status instanceof ReplicaSetStatus
                || status instanceof StatefulSetStatus
                || status instanceof DaemonSetStatus
                || status instanceof JobStatus
                || status instanceof CronJobStatus;
    }

    private Optional<String> line() {
        Object spec = resource.spec();
        Object status = resource.status();
        if (spec instanceof PodSpec wanted && status instanceof PodStatus pod) {
            String summary = PodSummary.of(wanted, pod, resource.metadata().terminating())
                    .line();
            Optional<String> why = snapshot.get(Pod.KIND, resource.key()).flatMap(found -> PodWait.of(found, now));
            Optional<String> resize =
                    pod.conditions().get(PodStatus.RESIZE_PENDING).map(PodWait::text);
            return Optional.of(summary
                    + why.map(text -> "; " + text).orElse("")
                    + resize.map(text -> "; other resources wait: " + text).orElse(""));
        }
        if (resource.metadata().terminating()) {
            return Optional.of("is deleted; waits for " + count(pods().size(), "pod") + " and "
                    + resource.metadata().finalizers());
        }
        if (spec instanceof DeploymentSpec wanted && status instanceof DeploymentStatus seen) {
            return Optional.of(deployment(wanted, seen));
        }
        if (spec instanceof ReplicaSetSpec wanted && status instanceof ReplicaSetStatus seen) {
            return Optional.of(observed(seen.observedGeneration())
                    .orElseGet(() -> share(seen.availableReplicas(), wanted.replicas(), "available", pods())));
        }
        if (spec instanceof StatefulSetSpec wanted && status instanceof StatefulSetStatus seen) {
            return Optional.of(observed(seen.observedGeneration()).orElseGet(() -> statefulSet(wanted, seen)));
        }
        if (status instanceof DaemonSetStatus seen) {
            return Optional.of(observed(seen.observedGeneration())
                    .orElseGet(() -> seen.updatedNumberScheduled() + " of " + seen.desiredNumberScheduled()
                            + " nodes updated, "
                            + share(seen.numberAvailable(), seen.desiredNumberScheduled(), "available", pods())));
        }
        if (spec instanceof JobSpec wanted && status instanceof JobStatus seen) {
            return Optional.of(job(wanted, seen));
        }
        if (spec instanceof CronJobSpec wanted && status instanceof CronJobStatus seen) {
            return Optional.of(cronJob(wanted, seen));
        }
        return failures().findFirst();
    }

    private String deployment(DeploymentSpec wanted, DeploymentStatus seen) {
        Optional<String> unobserved = observed(seen.observedGeneration());
        if (unobserved.isPresent()) {
            return unobserved.get();
        }
        List<Resource<PodSpec, PodStatus>> fresh = new ArrayList<>();
        newest().ifPresent(set ->
                fresh.addAll(snapshot.children(Pod.KIND, set.metadata().uid())));
        int old = seen.replicas() - seen.updatedReplicas();
        String share = seen.updatedReplicas() + " of " + wanted.replicas() + " updated, " + seen.availableReplicas()
                + " available" + (old > 0 ? ", " + old + " old" : "");
        if (wanted.isPaused()) {
            return share + "; it is paused";
        }
        boolean arrived = seen.observedGeneration() >= resource.metadata().generation()
                && old <= 0
                && seen.updatedReplicas() == wanted.replicas()
                && seen.availableReplicas() == wanted.replicas();
        if (arrived) {
            return share + "; complete";
        }
        String failed = seen.failed()
                ? "; failed: "
                        + seen.conditions()
                                .get(DeploymentStatus.PROGRESSING)
                                .map(PodWait::text)
                                .orElse("")
                : "";
        return share
                + failed
                + waiting(fresh)
                        .or(() -> Optional.of(old > 0 ? "; waits for " + count(old, "old pod") + " to end" : ""))
                        .get();
    }

    /** The ReplicaSet of the present template: that of the highest revision, as its controller has numbered them. */
    private Optional<Resource<ReplicaSetSpec, ReplicaSetStatus>> newest() {
        return snapshot.children(ReplicaSet.KIND, resource.metadata().uid()).stream()
                .max(Comparator.comparingInt(Progress::revision));
    }

    private static int revision(Resource<?, ?> set) {
        String text = set.metadata().annotations().getOrDefault(REVISION, "");
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private String statefulSet(StatefulSetSpec wanted, StatefulSetStatus seen) {
        return seen.updatedReplicas() + " of " + wanted.replicas() + " updated, "
                + share(seen.availableReplicas(), wanted.replicas(), "available", pods());
    }

    private String job(JobSpec wanted, JobStatus seen) {
        String share = seen.succeeded() + " of "
                + wanted.completions().map(String::valueOf).orElse("1") + " succeeded, " + seen.failed() + " failed, "
                + seen.active() + " active";
        for (String end : List.of(
                JobStatus.COMPLETE,
                JobStatus.FAILED,
                JobStatus.SUSPENDED,
                JobStatus.SUCCESS_CRITERIA_MET,
                JobStatus.FAILURE_TARGET)) {
            Optional<Condition> condition = seen.conditions().get(end).filter(Condition::holds);
            if (condition.isPresent()) {
                return share + "; " + end + ": " + PodWait.text(condition.get());
            }
        }
        return share + retrying(wanted, seen).or(() -> waiting(pods())).orElse("");
    }

    /** What failures it waits after, if nothing is active: of all pods together, or of each index. */
    private Optional<String> retrying(JobSpec wanted, JobStatus seen) {
        if (seen.active() > 0) {
            return Optional.empty();
        }
        if (wanted.backoffLimitPerIndex().isPresent()) {
            // The last failed pod of an index stays uncounted until another one takes its place.
            List<String> last = pods().stream()
                    .filter(pod -> pod.status().phase() == PodPhase.FAILED
                            && !pod.metadata().finalizers().isEmpty())
                    .map(Resource::name)
                    .toList();
            return last.isEmpty()
                    ? Optional.empty()
                    : Optional.of("; waits before it replaces " + last.get(0) + ", which failed"
                            + (last.size() == 1 ? "" : ", and " + (last.size() - 1) + " more"));
        }
        return seen.pace()
                .until()
                .filter(until -> until.isAfter(now))
                .map(until -> "; waits " + Ages.of(Duration.between(now, until)) + " after "
                        + count(seen.pace().failures(), "failure") + " in a row");
    }

    private String cronJob(CronJobSpec wanted, CronJobStatus seen) {
        String last = seen.lastScheduleTime().map(time -> "last due at " + time).orElse("never due so far");
        return last + ", " + seen.active().size() + " active"
                + (wanted.suspend() ? "; it is suspended" : due(wanted, seen).orElse(""));
    }

    private Optional<String> due(CronJobSpec wanted, CronJobStatus seen) {
        Schedule schedule = Schedule.parse(wanted.schedule());
        ZoneId zone = wanted.timeZone().map(ZoneId::of).orElse(ZoneOffset.UTC);
        Instant since = seen.lastScheduleTime().orElse(resource.metadata().created());
        Optional<Instant> first = schedule.next(since, zone);
        boolean late = first.filter(due -> !due.isAfter(now)).isPresent();
        if (late
                && wanted.concurrencyPolicy() == ConcurrencyPolicy.FORBID
                && !seen.active().isEmpty()) {
            return Optional.of("; it is due, and waits for " + seen.active().get(0) + " to end");
        }
        return (late ? schedule.next(now, zone) : first).map(due -> "; next due at " + due);
    }

    /** A controller that has seen a spec may wait before it says that its numbers are about that. */
    private Optional<String> observed(long generation) {
        return generation < resource.metadata().generation()
                        && !resource.metadata().observed()
                ? Optional.of("waits for its controller to see generation "
                        + resource.metadata().generation()
                        + failures().findFirst().map(why -> "; " + why).orElse(""))
                : Optional.empty();
    }

    private String share(int have, int wanted, String what, List<Resource<PodSpec, PodStatus>> pods) {
        String share = have + " of " + wanted + " " + what;
        return have == wanted ? share : share + waiting(pods).orElse("");
    }

    /** What went wrong, before the first pod that is not ready and why. */
    private Optional<String> waiting(List<Resource<PodSpec, PodStatus>> pods) {
        Stream<String> unready = pods.stream()
                .filter(pod -> !pod.metadata().terminating())
                .flatMap(pod -> PodWait.of(pod, now).map(why -> "waits for " + pod.name() + ": " + why).stream());
        Stream<String> going = pods.stream()
                .filter(pod -> pod.metadata().terminating())
                .map(pod -> "waits for " + pod.name() + " to end");
        return Stream.of(failures(), unready, going)
                .flatMap(each -> each)
                .findFirst()
                .map(why -> "; " + why);
    }

    /** The conditions that tell of something that can't be done. */
    private Stream<String> failures() {
        Stream<String> impossible = resource.conditions().get(ReplicaSetStatus.REPLICA_FAILURE).stream()
                .filter(Condition::holds)
                .map(PodWait::text);
        Stream<String> refused = Stream.of("Reconciled", "Deleting")
                .flatMap(type -> resource.conditions().get(type).stream())
                .filter(condition -> condition.status() == Condition.Status.FALSE)
                .map(PodWait::text);
        return Stream.concat(impossible, refused);
    }

    private List<Resource<PodSpec, PodStatus>> pods() {
        List<Resource<PodSpec, PodStatus>> pods =
                new ArrayList<>(snapshot.children(Pod.KIND, resource.metadata().uid()));
        snapshot.children(ReplicaSet.KIND, resource.metadata().uid())
                .forEach(set ->
                        pods.addAll(snapshot.children(Pod.KIND, set.metadata().uid())));
        return pods;
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
