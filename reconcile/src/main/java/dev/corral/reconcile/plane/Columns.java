package dev.corral.reconcile.plane;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.ControllerRevisionSpec;
import dev.corral.reconcile.workload.CronJobSpec;
import dev.corral.reconcile.workload.CronJobStatus;
import dev.corral.reconcile.workload.DaemonSetSpec;
import dev.corral.reconcile.workload.DaemonSetStatus;
import dev.corral.reconcile.workload.DeploymentSpec;
import dev.corral.reconcile.workload.DeploymentStatus;
import dev.corral.reconcile.workload.JobSpec;
import dev.corral.reconcile.workload.JobStatus;
import dev.corral.reconcile.workload.NodeSpec;
import dev.corral.reconcile.workload.NodeStatus;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.ReplicaSetSpec;
import dev.corral.reconcile.workload.ReplicaSetStatus;
import dev.corral.reconcile.workload.StatefulSetSpec;
import dev.corral.reconcile.workload.StatefulSetStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a table says of one resource, name and age apart: the columns of {@code kubectl get}, or of a kind that kubectl doesn't
 * know, its status.
 */
record Columns(List<String> names, List<String> cells) {
    private static final String NONE = "<none>";
    private static final int LONGEST = 80;

    static Columns of(Resource<?, ?> resource, Instant now) {
        Object status = resource.status();
        if (resource.spec() instanceof PodSpec spec && status instanceof PodStatus pod) {
            PodSummary summary = PodSummary.of(spec, pod, resource.metadata().terminating());
            return new Columns(
                    List.of("READY", "STATUS", "RESTARTS"),
                    List.of(summary.ready(), summary.status(), summary.restarts(now)));
        }
        if (resource.spec() instanceof DeploymentSpec spec && status instanceof DeploymentStatus set) {
            return new Columns(
                    List.of("READY", "UP-TO-DATE", "AVAILABLE"),
                    List.of(
                            set.readyReplicas() + "/" + spec.replicas(),
                            number(set.updatedReplicas()),
                            number(set.availableReplicas())));
        }
        if (resource.spec() instanceof ReplicaSetSpec spec && status instanceof ReplicaSetStatus set) {
            return new Columns(
                    List.of("DESIRED", "CURRENT", "READY"),
                    List.of(number(spec.replicas()), number(set.replicas()), number(set.readyReplicas())));
        }
        if (resource.spec() instanceof StatefulSetSpec spec && status instanceof StatefulSetStatus set) {
            return new Columns(List.of("READY"), List.of(set.readyReplicas() + "/" + spec.replicas()));
        }
        if (resource.spec() instanceof DaemonSetSpec spec && status instanceof DaemonSetStatus set) {
            return daemonSet(spec, set);
        }
        if (resource.spec() instanceof JobSpec spec && status instanceof JobStatus job) {
            return job(spec, job, resource.metadata().terminating(), now);
        }
        if (resource.spec() instanceof CronJobSpec spec && status instanceof CronJobStatus cron) {
            return cronJob(spec, cron, now);
        }
        if (resource.spec() instanceof NodeSpec spec && status instanceof NodeStatus node) {
            String ready = node.conditions().holds(NodeStatus.READY) ? "Ready" : "NotReady";
            return new Columns(
                    List.of("STATUS"), List.of(spec.unschedulable() ? ready + ",SchedulingDisabled" : ready));
        }
        if (resource.spec() instanceof ControllerRevisionSpec revision) {
            return new Columns(List.of("REVISION"), List.of(Long.toString(revision.revision())));
        }
        return other(resource);
    }

    /** Of a kind of somebody's own. */
    private static Columns other(Resource<?, ?> resource) {
        String said = String.join(", ", resource.statusText());
        String cut = said.length() <= LONGEST ? said : said.substring(0, LONGEST) + "...";
        String state = resource.metadata().terminating() ? "Terminating" : cut;
        return new Columns(List.of("STATUS"), List.of(state.isEmpty() ? NONE : state));
    }

    private static Columns daemonSet(DaemonSetSpec spec, DaemonSetStatus set) {
        List<String> selector = new ArrayList<>();
        spec.template().spec().nodeSelector().forEach((key, value) -> selector.add(key + "=" + value));
        return new Columns(
                List.of("DESIRED", "CURRENT", "READY", "UP-TO-DATE", "AVAILABLE", "NODE SELECTOR"),
                List.of(
                        number(set.desiredNumberScheduled()),
                        number(set.currentNumberScheduled()),
                        number(set.numberReady()),
                        number(set.updatedNumberScheduled()),
                        number(set.numberAvailable()),
                        selector.isEmpty() ? NONE : String.join(",", selector)));
    }

    private static Columns job(JobSpec spec, JobStatus job, boolean terminating, Instant now) {
        String wanted = spec.completions()
                .map(Columns::number)
                .orElseGet(() -> "1 of " + spec.parallelism().orElse(1));
        String duration = job.startTime()
                .map(start -> Ages.since(start, job.completionTime().orElse(now)))
                .orElse("");
        return new Columns(
                List.of("STATUS", "COMPLETIONS", "DURATION"),
                List.of(state(job, terminating), job.succeeded() + "/" + wanted, duration));
    }

    private static String state(JobStatus job, boolean terminating) {
        for (String condition : List.of(
                JobStatus.COMPLETE,
                JobStatus.FAILED,
                JobStatus.SUSPENDED,
                JobStatus.FAILURE_TARGET,
                JobStatus.SUCCESS_CRITERIA_MET)) {
            if (job.conditions().holds(condition)) {
                return condition;
            }
        }
        return terminating ? "Terminating" : "Running";
    }

    private static Columns cronJob(CronJobSpec spec, CronJobStatus cron, Instant now) {
        return new Columns(
                List.of("SCHEDULE", "TIMEZONE", "SUSPEND", "ACTIVE", "LAST SCHEDULE"),
                List.of(
                        spec.schedule(),
                        spec.timeZone().orElse(NONE),
                        title(Boolean.toString(spec.suspend())),
                        number(cron.active().size()),
                        cron.lastScheduleTime()
                                .map(last -> Ages.since(last, now))
                                .orElse(NONE)));
    }

    private static String number(int number) {
        return Integer.toString(number);
    }

    /** A constant's name or a word with a capital, as in {@code Running}. */
    static String title(String word) {
        return word.isEmpty()
                ? word
                : word.substring(0, 1).toUpperCase(Locale.ROOT)
                        + word.substring(1).toLowerCase(Locale.ROOT);
    }
}
