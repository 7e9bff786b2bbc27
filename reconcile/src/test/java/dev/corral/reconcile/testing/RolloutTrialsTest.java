package dev.corral.reconcile.testing;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Probe;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Corral's own rollouts, with everything that can go wrong. */
@Tag("worlds")
class RolloutTrialsTest {
    private static final int FEW = 15;

    private static final Deployment WEB = Deployment.named("web")
            .container(c -> c.command("serve", "$(PORT)").port("http").readiness(Probe.http("http", "/")));

    @ParameterizedTest(name = "{0} replicas, surge {1}, unavailable {2}, transactions {3}")
    @CsvSource({"3, 1, 0, true", "3, 0, 1, true", "4, 2, 1, true", "3, 1, 0, false", "4, 2, 1, false"})
    void aRolloutKeepsItsBoundsWhileControllersAndTheStoreFail(
            int replicas, int surge, int unavailable, boolean transactions) {
        Seeds.exhaustiveIfAsked(trials(replicas, surge, unavailable, transactions, Seeds.orAsAsked(FEW))
                        .faults(Faults.ofControllers())
                        .always(
                                "at least " + (replicas - unavailable) + " pods serve",
                                world -> world.pods()
                                                .filter(Pod::active)
                                                .filter(Pod::ready)
                                                .count()
                                        >= replicas - unavailable))
                .run();
    }

    @ParameterizedTest(name = "{0} replicas, surge {1}, unavailable {2}, transactions {3}")
    @CsvSource({"3, 1, 0, true", "3, 0, 1, true", "4, 2, 1, true", "3, 1, 0, false", "4, 2, 1, false"})
    void aRolloutTakesAwayNoPodTooManyWhileProcessesFailToo(
            int replicas, int surge, int unavailable, boolean transactions) {
        trials(replicas, surge, unavailable, transactions, Seeds.ofDeployments(FEW))
                .faults(Faults.all())
                .always(
                        "at least " + (replicas - unavailable) + " pods are left that have served",
                        world -> world.pods()
                                        .filter(Pod::active)
                                        .filter(RolloutTrialsTest::hasServed)
                                        .count()
                                >= replicas - unavailable)
                .run();
    }

    @Test
    void severalChangesEndAsTheLastOne() {
        Deployment web = WEB.replicas(3);
        Simulation.ofWorkloads()
                .processes(RolloutTrialsTest::slowly)
                .apply(web)
                .apply(web.container(c -> c.env("VERSION", "2")))
                .apply(web.replicas(1))
                .apply(web.replicas(4).container(c -> c.env("VERSION", "3")))
                .seeds(Seeds.ofDeployments(FEW))
                .faults(Faults.all())
                .eventually(world -> Deployment.COMPLETE.test(world.get(Deployment.KIND, "web")))
                .run();
    }

    private static Trials trials(int replicas, int surge, int unavailable, boolean transactions, int seeds) {
        Deployment web = WEB.replicas(replicas).rollingUpdate(maxSurge(surge), maxUnavailable(unavailable));
        Simulation world = Simulation.ofWorkloads().processes(RolloutTrialsTest::slowly);
        return (transactions ? world : world.withoutTransactions())
                .apply(web)
                .settle()
                .apply(web.container(c -> c.env("VERSION", "2")))
                .seeds(seeds)
                .always(
                        "at most " + (replicas + surge) + " pods are active",
                        each -> each.pods().filter(Pod::active).count() <= replicas + surge)
                .eventually(
                        "the rollout is complete", each -> Deployment.COMPLETE.test(each.get(Deployment.KIND, "web")));
    }

    /** Each process takes a second to some seconds to start, so that a pod is first seen while it isn't ready. */
    private static Script slowly(ContainerRuntime.Identity identity, Container container) {
        int spread = Math.floorMod((identity.pod() + identity.attempt()).hashCode(), 4);
        return Script.server().startsAfter(Duration.ofSeconds(1 + spread)).stopsAfter(Duration.ofMillis(300L * spread));
    }

    private static boolean hasServed(Resource<PodSpec, PodStatus> pod) {
        Instant first = pod.status().startTime().orElse(Instant.MAX);
        return pod.status()
                .conditions()
                .get(PodStatus.READY)
                .map(Condition::lastTransition)
                .filter(since -> since.isAfter(first))
                .isPresent();
    }
}
