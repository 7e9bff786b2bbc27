package dev.corral.benchmarks;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;

import dev.corral.reconcile.Rounds;
import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.testing.Trials;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.Probe;

/** Simulated rollouts of twenty pods with everything that can go wrong. */
final class TrialsWorkload {
    private static final int WARM_UP = 1_500;
    private static final int SEEDS = 200;

    private TrialsWorkload() {}

    /** How many worlds a second of one processor's time: the thread's, whatever else the machine does. */
    static double worlds() throws Exception {
        trials(WARM_UP).run();
        return Rounds.median(0, () -> {
            long begun = Rounds.processorTime();
            Trials.Tally tally = trials(SEEDS).run();
            return tally.runs() / ((Rounds.processorTime() - begun) / 1e9);
        });
    }

    private static Trials trials(int seeds) {
        Deployment web = Deployment.named("web")
                .replicas(20)
                .rollingUpdate(maxSurge(5), maxUnavailable(5))
                .container(c -> c.command("serve", "$(PORT)").port("http").readiness(Probe.http("http", "/")));
        return Simulation.ofWorkloads()
                .apply(web)
                .settle()
                .apply(web.container(c -> c.env("VERSION", "2")))
                .seeds(seeds)
                .faults(Faults.all())
                .always(
                        "at most 25 pods are active",
                        world -> world.pods().filter(Pod::active).count() <= 25)
                .eventually(
                        "the rollout is complete",
                        world -> Deployment.COMPLETE.test(world.get(Deployment.KIND, "web")));
    }
}
