package dev.corral.examples.readme;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.plane.LocalPlane;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Lifecycle;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.RestartPolicy;
import dev.corral.reconcile.workload.SiblingRestarts;
import dev.corral.reconcile.workload.TerminationMessagePolicy;
import dev.corral.reconcile.workload.Volume;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The samples of the page on pods. */
class PodLifeTest {
    private static final String SERVE = "trap 'exit 0' TERM; touch /scratch/up; while :; do sleep 0.1; done";

    @Test
    void initContainersAndSidecarsComeFirst() throws InterruptedException {
        // README
        Pod report = Pod.named("report")
                .restartPolicy(RestartPolicy.NEVER)
                .spec(pod -> pod.volume(Volume.emptyDir("work"))
                        .initContainer(
                                "fetch",
                                c -> c.command("sh", "-c", "echo 42 > /scratch/data")
                                        .mount("work", "/scratch"))
                        .sidecar(
                                "cache",
                                c -> c.command("sh", "-c", SERVE)
                                        .mount("work", "/scratch")
                                        .startup(Probe.exec("test", "-e", "/scratch/up")))
                        .container(
                                "report", c -> c.command("cat", "/scratch/data").mount("work", "/scratch")));
        // end
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(report);
            assertThat(plane.await(Pod.KIND, "report", pod -> pod.status().phase() == PodPhase.SUCCEEDED, ofMinutes(1)))
                    .isPresent();
            assertThat(plane.logs("report", "report")).contains("42\n");
        }
    }

    @Test
    void probesAndHooks() throws InterruptedException {
        AtomicBoolean connected = new AtomicBoolean(true);
        // README
        Pod web = Pod.named("web")
                .spec(pod -> pod.volume(Volume.emptyDir("work"))
                        .container(
                                "web",
                                c -> c.command("sh", "-c", SERVE)
                                        .mount("work", "/scratch")
                                        .startup(Probe.exec("test", "-e", "/scratch/up")
                                                .period(ofSeconds(1))
                                                .failureThreshold(60))
                                        .liveness(Probe.exec("test", "-e", "/scratch/up")
                                                .terminationGracePeriod(ofSeconds(5)))
                                        .readiness(Probe.function("connected").period(ofMillis(500)))
                                        .postStart(Lifecycle.exec("touch", "/scratch/warm"))
                                        .preStop(Lifecycle.sleep(ofMillis(200)))));
        try (ControlPlane plane = ControlPlane.local()
                .probe("connected", target -> connected.get())
                .start()) {
            plane.apply(web);
            assertThat(plane.await(Pod.KIND, "web", Pod::ready, ofMinutes(1))).isPresent();
        }
        // end
    }

    @Test
    void aPodGivesUp() throws InterruptedException {
        // README
        Pod pair = Pod.named("pair")
                .spec(pod -> pod.container(
                                "leader",
                                c -> c.command("sh", "-c", "echo 'no quorum'; exit 1")
                                        .terminationMessagePolicy(TerminationMessagePolicy.FALLBACK_TO_LOGS_ON_ERROR))
                        .container("follower", c -> c.command("sleep", "600"))
                        .siblingRestarts(SiblingRestarts.ONE_FOR_ALL)
                        .giveUpAfter(1, ofSeconds(30)));
        // end
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(pair);
            PodStatus end = plane.require(
                            Pod.KIND, "pair", pod -> pod.status().phase().terminal(), ofMinutes(1))
                    .status();
            assertThat(end.reason()).isEqualTo(PodStatus.RESTART_LIMIT_EXCEEDED);
            assertThat(end.container("leader")
                            .orElseThrow()
                            .lastState()
                            .orElseThrow()
                            .message())
                    .isEqualTo("no quorum");
        }
    }

    @Test
    void podsThatOutliveTheJvm(@TempDir Path directory) throws InterruptedException {
        Deployment shop = Deployment.named("shop").replicas(2).container(c -> c.command("sleep", "600"));
        // README
        LocalPlane surviving = ControlPlane.local().adopt(directory);
        try (ControlPlane plane = surviving.start()) {
            plane.apply(shop);
            assertThat(plane.await(shop, Deployment.AVAILABLE, ofMinutes(1))).isPresent();
        } // this ends them; a kill, or System.exit without it, does not
        // end
    }
}
