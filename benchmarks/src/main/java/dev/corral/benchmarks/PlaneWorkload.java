package dev.corral.benchmarks;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;

import com.sun.management.OperatingSystemMXBean;
import dev.corral.reconcile.Plan;
import dev.corral.reconcile.node.Prober;
import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Probe;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A whole control plane on its own threads, with pods that have no processes. */
final class PlaneWorkload {
    private static final int PODS = 1_000;
    private static final int DEPLOYMENTS = 10_000;
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration WATCHED = Duration.ofSeconds(10);

    private PlaneWorkload() {}

    private static ControlPlane plane() {
        return ControlPlane.local()
                .runtime(new InstantRuntime())
                .prober(question -> new Prober.Answer(true, ""))
                .controller(Things.PLAIN, thing -> Plan.unchanged())
                .start();
    }

    /** A Deployment from nothing to a thousand pods, and a rollout of it by quarters, in seconds. */
    static double[] thousand() throws Exception {
        List<Double> ups = new ArrayList<>();
        List<Double> rollouts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            try (ControlPlane plane = plane()) {
                Deployment web = Deployment.named("web")
                        .replicas(PODS)
                        .rollingUpdate(maxSurge(PODS / 4), maxUnavailable(PODS / 4))
                        .container(c -> c.command("serve"));
                ups.add(until(plane, web));
                rollouts.add(until(plane, web.container(c -> c.env("VERSION", "2"))));
            }
        }
        // the first of them are warm-up
        return new double[] {
            Statistics.median(ups.subList(1, ups.size())), Statistics.median(rollouts.subList(1, rollouts.size()))
        };
    }

    private static double until(ControlPlane plane, Deployment web) throws InterruptedException {
        long begun = System.nanoTime();
        plane.apply(web);
        complete(plane, web);
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void complete(ControlPlane plane, Deployment deployment) throws InterruptedException {
        if (plane.await(deployment, Deployment.COMPLETE, LONGEST).isEmpty()) {
            throw new AssertionError(deployment.name() + " is not complete after " + LONGEST);
        }
    }

    /** Ten thousand Deployments of three pods each, in seconds until all are complete. */
    static double many() throws Exception {
        try (ControlPlane plane = plane()) {
            long begun = System.nanoTime();
            List<Deployment> all = new ArrayList<>();
            for (int i = 0; i < DEPLOYMENTS; i++) {
                all.add(Deployment.named("web-" + i).replicas(3).container(c -> c.command("serve")));
                plane.apply(all.get(i));
            }
            for (Deployment each : all) {
                complete(plane, each);
            }
            return (System.nanoTime() - begun) / 1e9;
        }
    }

    /** The share of a processor, in hundredths, that ten thousand objects and a thousand probes each ten seconds cost. */
    static double idle() throws Exception {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (ControlPlane plane = plane()) {
            for (int i = 0; i < DEPLOYMENTS; i++) {
                plane.apply(Things.plain(i, 0));
            }
            Deployment web = Deployment.named("web")
                    .replicas(PODS)
                    .container(c -> c.command("serve")
                            .port("http")
                            .readiness(Probe.http("http", "/").period(Duration.ofSeconds(10))));
            until(plane, web);
            Thread.sleep(WATCHED.toMillis());
            long before = system.getProcessCpuTime();
            long begun = System.nanoTime();
            Thread.sleep(2 * WATCHED.toMillis());
            return 100.0 * (system.getProcessCpuTime() - before) / (System.nanoTime() - begun);
        }
    }
}
