package dev.corral.examples.kinds;

import static dev.corral.reconcile.workload.RetentionPolicy.Retention.DELETE;
import static dev.corral.reconcile.workload.RetentionPolicy.Retention.RETAIN;
import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.testing.Script;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.workload.ConcurrencyPolicy;
import dev.corral.reconcile.workload.CronJob;
import dev.corral.reconcile.workload.DaemonSet;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.Node;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodFailurePolicy;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.StatefulSet;
import dev.corral.reconcile.workload.Taint;
import dev.corral.reconcile.workload.Toleration;
import org.junit.jupiter.api.Test;

class KindsTest {
    @Test
    void aRolloutIsUndone() throws InterruptedException {
        // README
        Deployment web = Deployment.named("web")
                .replicas(3)
                .rollingUpdate(maxSurge("25%"), maxUnavailable(0))
                .progressDeadline(ofMinutes(2))
                .container(c -> c.command("sleep", "600"));
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(web);
            plane.require(web, Deployment.COMPLETE, ofMinutes(1));
            Deployment next = web.container(c -> c.env("VERSION", "2"));
            plane.apply(next);
            plane.await(next, Deployment.COMPLETE.or(Deployment.FAILED), ofMinutes(3));
            plane.undo(web); // or undo(web, 1): history(web) lists what there is
            plane.require(web, Deployment.COMPLETE, ofMinutes(1));
            assertThat(plane.history(web)).hasSize(2); // hidden
        }
        // end
    }

    @Test
    void eachReplicaHasANameOfItsOwn() {
        // README
        StatefulSet db = StatefulSet.named("db")
                .replicas(3)
                .storage("data") // a claim for each pod: data-db-0, data-db-1, data-db-2
                .retention(RETAIN, DELETE) // kept when the set goes, deleted when it shrinks
                .partition(2) // a new template reaches db-2 only, until this is lowered
                .forceProgress(true)
                .container(c -> c.command("store"));
        // end
        Simulation world = Simulation.ofWorkloads().apply(db).settle();
        assertThat(world.names(Pod.KIND)).containsExactly("db-0", "db-1", "db-2");
    }

    @Test
    void oneOnEachNode() {
        // README
        DaemonSet agent = DaemonSet.named("agent")
                .nodeSelector("disk", "ssd")
                .toleration(Toleration.exists("dedicated"))
                .maxSurge(1) // the new one beside the old one, which goes when the new one is available
                .container(c -> c.command("watch"));
        // end
        Simulation world = Simulation.ofWorkloads()
                .apply(Node.named("local").label("disk", "ssd").taint("dedicated", "db", Taint.Effect.NO_SCHEDULE))
                .apply(agent)
                .settle();
        assertThat(world.names(Pod.KIND)).containsExactly("agent-local-0");
    }

    @Test
    void workThatComesToAnEnd() {
        // README
        Job scenes = Job.named("scenes")
                .indexed() // each pod finds its number in JOB_COMPLETION_INDEX
                .completions(100)
                .parallelism(8)
                .backoffLimitPerIndex(3)
                .maxFailedIndexes(5)
                .podFailurePolicy(PodFailurePolicy.none().onExitCodes(PodFailurePolicy.Action.FAIL_INDEX, 2))
                .ttlAfterFinished(ofMinutes(60))
                .container(c -> c.command("render", "--scene", "$(JOB_COMPLETION_INDEX)"));
        // end
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().exits(0, ofSeconds(1)))
                .apply(scenes)
                .advance(ofMinutes(30));
        assertThat(world.get(Job.KIND, "scenes").status().completedIndexes()).isEqualTo("0-99");
    }

    @Test
    void workThatComesAgainAndAgain() {
        // README
        CronJob backup = CronJob.named("backup")
                .schedule("30 2 * * mon-fri")
                .zone("Europe/Berlin")
                .concurrencyPolicy(ConcurrencyPolicy.FORBID)
                .startingDeadline(ofMinutes(20))
                .jitter(ofMinutes(10)) // always as much later, below 10 minutes; another CronJob by another amount
                .job(job -> job.container(c -> c.command("backup")));
        // end
        Simulation world = Simulation.ofWorkloads()
                .processes((identity, container) -> Script.server().exits(0, ofSeconds(1)))
                .apply(backup)
                .advance(ofDays(3));
        assertThat(world.get(CronJob.KIND, "backup").status().lastSuccessfulTime())
                .isPresent();
    }

    @Test
    void whatFitsNowhereSaysWhy() {
        // README
        Simulation world = Simulation.ofWorkloads()
                .apply(Pod.named("huge").container(c -> c.command("serve").request("cpu", "64")))
                .settle();
        assertThat(world.get(Pod.KIND, "huge").status().conditions().get(PodStatus.POD_SCHEDULED))
                .hasValueSatisfying(scheduled ->
                        assertThat(scheduled.message()).startsWith("0/1 nodes are available: 1 Insufficient cpu"));
        // end
    }
}
