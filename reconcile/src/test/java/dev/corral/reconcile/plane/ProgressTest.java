package dev.corral.reconcile.plane;

import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Kind;
import dev.corral.reconcile.testing.Script;
import dev.corral.reconcile.testing.Simulation;
import dev.corral.reconcile.workload.ConcurrencyPolicy;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.CronJob;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.Lifecycle;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.RestartPolicy;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a line says of what something waits for. */
class ProgressTest {
    private static final Pod POD = Pod.named("web");
    private static final Probe ASKED = Probe.http("http", "/up").failureThreshold(100);

    private static Pod pod(UnaryOperator<PodSpec> edit) {
        return POD.spec(edit);
    }

    private static String line(Simulation world) {
        return line(world, Pod.KIND, "web");
    }

    private static String line(Simulation world, Kind<?, ?> kind, String name) {
        return Progress.of(world.snapshot(), world.get(kind, name), world.now()).orElseThrow();
    }

    private static Simulation world(Script.Casting casting, Pod pod) {
        return Simulation.ofWorkloads().processes(casting).apply(pod).advance(ofSeconds(5));
    }

    private static Container serving(Container c) {
        return c.command("serve").port("http");
    }

    @Test
    void anInitContainerThatFailsAgainAndAgainIsNamed() {
        Pod pod = pod(spec -> spec.initContainer("fetch", c -> c.command("fetch"))
                .initContainer("unpack", c -> c.command("unpack"))
                .container("main", c -> c.command("serve")));
        Simulation world = world(
                (id, c) -> c.name().equals("fetch")
                        ? Script.server().exits(0, ofSeconds(1))
                        : Script.server().exits(3, ofSeconds(1)),
                pod);
        assertThat(line(world))
                .isEqualTo(
                        "0/1 Init:CrashLoopBackOff, 1 restart; init container unpack waits: CrashLoopBackOff, restart 2"
                                + " waits 10 s from the last end; last it ended with code 3: Error, exited 3");
    }

    @Test
    void aDeploymentNamesTheInitContainerThatItWaitsFor() {
        Simulation world = Simulation.ofWorkloads()
                .processes((id, c) -> Script.server().exits(3, ofSeconds(1)))
                .apply(Deployment.named("web")
                        .template(template -> template.spec(spec -> spec.initContainer("fetch", c -> c.command("fetch"))
                                .container("main", c -> c.command("serve")))))
                .advance(ofSeconds(5));
        assertThat(line(world, Deployment.KIND, "web")).contains(": init container fetch waits: CrashLoopBackOff, ");
    }

    @Test
    void aRecreatedDeploymentNamesTheOldPodThatItWaitsFor() {
        Deployment web = Deployment.named("web").recreate().container(c -> c.command("serve"));
        Simulation world = Simulation.ofWorkloads()
                .processes((id, c) -> Script.server().ignoresSigterm())
                .apply(web)
                .advance(ofSeconds(5))
                .apply(web.container(c -> c.env("VERSION", "2")))
                .advance(ofSeconds(5));
        assertThat(line(world, Deployment.KIND, "web"))
                .isEqualTo("0 of 1 updated, 0 available; waits for "
                        + world.names(Pod.KIND).get(0) + " to end");
        world.advance(ofMinutes(1));
        assertThat(line(world, Deployment.KIND, "web")).isEqualTo("1 of 1 updated, 1 available; complete");
    }

    @Test
    void howManyInitContainersAreDoneIsCounted() {
        Pod pod = pod(spec -> spec.initContainer("fetch", c -> c.command("fetch"))
                .initContainer("unpack", c -> c.command("unpack"))
                .container("main", c -> c.command("serve")));
        Simulation world = world(
                (id, c) -> c.name().equals("fetch") ? Script.server().exits(0, ofSeconds(1)) : Script.server(), pod);
        assertThat(line(world)).isEqualTo("0/1 Init:1/2; init container unpack has not ended yet");
    }

    @Test
    void anInitContainerThatFailsForGoodIsWhatThePodSays() {
        Pod pod = pod(spec -> spec.restartPolicy(RestartPolicy.NEVER)
                .initContainer("fetch", c -> c.command("fetch"))
                .container("main", c -> c.command("serve")));
        assertThat(line(world((id, c) -> Script.server().exits(3, ofSeconds(1)), pod)))
                .isEqualTo("0/1 Init:Error");
    }

    @Test
    void aSidecarCountsAndIsNamed() {
        Script.Casting casting = (id, c) -> c.name().equals("cache")
                ? Script.server().startedAfter(ofSeconds(20)).readyAfter(ofSeconds(40))
                : Script.server();
        Pod pod =
                pod(spec -> spec.sidecar("cache", c -> serving(c).startup(ASKED).readiness(ASKED))
                        .container("main", c -> c.command("serve")));
        Simulation world = world(casting, pod);
        assertThat(line(world))
                .isEqualTo("0/2 Init:0/1; sidecar cache runs, but its startup probe has not succeeded: "
                        + ASKED.handler());
        world.advance(ofSeconds(30));
        assertThat(line(world))
                .isEqualTo("1/2 Running; sidecar cache runs, but its readiness probe has not succeeded: "
                        + ASKED.handler());
        assertThat(line(world.advance(ofMinutes(1)))).isEqualTo("2/2 Running");
    }

    @Test
    void aContainerThatHasNotStartedWaitsForItsStartupProbeOrItsHook() {
        Script slow = Script.server().startedAfter(ofMinutes(5)).executes("warm", ofMinutes(5), 0);
        Pod probed = POD.container(c -> serving(c).startup(ASKED).readiness(ASKED));
        assertThat(line(world((id, c) -> slow, probed)))
                .isEqualTo("0/1 Running; container main runs, but its startup probe has not succeeded: "
                        + ASKED.handler());
        Pod hooked = POD.container(c -> c.command("serve").postStart(Lifecycle.exec("warm")));
        assertThat(line(world((id, c) -> slow, hooked)))
                .isEqualTo("0/1 Running; container main runs, but its postStart hook is not done: "
                        + Lifecycle.exec("warm"));
    }

    @Test
    void aCronJobSaysWhenItIsDueNextOrWhatItWaitsFor() {
        CronJob tick = CronJob.named("tick")
                .schedule("* * * * *")
                .concurrencyPolicy(ConcurrencyPolicy.FORBID)
                .job(job -> job.container(c -> c.command("tick")));
        Simulation world = Simulation.ofWorkloads()
                .processes((id, c) -> Script.server().exits(0, ofSeconds(90)))
                .apply(tick)
                .advance(ofSeconds(30));
        assertThat(line(world, CronJob.KIND, "tick"))
                .isEqualTo("never due so far, 0 active; next due at 2026-01-01T00:01:00Z");
        world.advance(ofSeconds(60));
        assertThat(line(world, CronJob.KIND, "tick"))
                .isEqualTo("last due at 2026-01-01T00:01:00Z, 1 active; next due at 2026-01-01T00:02:00Z");
        world.advance(ofSeconds(45));
        String job = world.names(Job.KIND).get(0);
        assertThat(line(world, CronJob.KIND, "tick"))
                .isEqualTo("last due at 2026-01-01T00:01:00Z, 1 active; it is due, and waits for " + job + " to end");
        world.apply(tick.suspend(true)).settle();
        assertThat(line(world, CronJob.KIND, "tick")).endsWith("; it is suspended");
    }

    @Test
    void aJobNamesWhatItWaitsAfter() {
        Job job = Job.named("job").container(c -> c.command("work"));
        Job byIndex = Job.named("items")
                .indexed()
                .completions(2)
                .backoffLimitPerIndex(1)
                .parallelism(2)
                .container(c -> c.command("work"));
        Simulation world = Simulation.ofWorkloads()
                .processes((id, c) -> Script.server().exits(1, ofSeconds(1)))
                .apply(job)
                .apply(byIndex)
                .advance(ofSeconds(5));
        assertThat(line(world, Job.KIND, "job"))
                .isEqualTo("0 of 1 succeeded, 1 failed, 0 active; waits 6s after 1 failure in a row");
        assertThat(line(world, Job.KIND, "items"))
                .isEqualTo(
                        "0 of 2 succeeded, 0 failed, 0 active; waits before it replaces items-0-0, which failed, and 1 more");
    }
}
