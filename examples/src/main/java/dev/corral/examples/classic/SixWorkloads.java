package dev.corral.examples.classic;

import static java.time.Duration.ofMinutes;

import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.CronJob;
import dev.corral.reconcile.workload.DaemonSet;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.ReplicaSet;
import dev.corral.reconcile.workload.StatefulSet;

/** One of each kind of workload side by side: what stays, what has an order, what is on each node, what comes to an end. */
public final class SixWorkloads {
    private SixWorkloads() {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws InterruptedException {
        System.out.println(run());
    }

    /** The tables of all kinds once everything is as declared. */
    static String run() throws InterruptedException {
        Deployment web = Deployment.named("web").replicas(2).container(SixWorkloads::serve);
        ReplicaSet workers = ReplicaSet.named("workers")
                .replicas(2)
                .template(pod -> pod.label("tier", "back"))
                .spec(set -> set.selector(LabelSelector.parse("tier in (back, middle), tier notin (front), app")))
                .container(SixWorkloads::serve);
        StatefulSet store = StatefulSet.named("store").replicas(2).container(SixWorkloads::serve);
        DaemonSet agent = DaemonSet.named("agent").container(SixWorkloads::serve);
        Job sums = Job.named("sums")
                .completions(2)
                .parallelism(2)
                .container(c -> c.command("sh", "-c", "echo $((6 * 7))"));
        CronJob nightly =
                CronJob.named("nightly").schedule("0 3 * * *").job(job -> job.container(c -> c.command("true")));
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(web);
            plane.apply(workers);
            plane.apply(store);
            plane.apply(agent);
            plane.apply(sums);
            plane.apply(nightly);
            plane.require(web, Deployment.COMPLETE, ofMinutes(1));
            plane.require(workers, set -> set.status().readyReplicas() == 2, ofMinutes(1));
            plane.require(store, StatefulSet.COMPLETE, ofMinutes(1));
            plane.require(agent, DaemonSet.COMPLETE, ofMinutes(1));
            plane.require(sums, Job.COMPLETE, ofMinutes(1));
            return plane.describe();
        }
    }

    private static Container serve(Container container) {
        return container.command("sleep", "600");
    }
}
