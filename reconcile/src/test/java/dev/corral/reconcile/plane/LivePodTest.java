package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.Lifecycle;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodPhase;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.RestartPolicy;
import dev.corral.reconcile.workload.TerminationMessagePolicy;
import dev.corral.reconcile.workload.Volume;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The life of a pod with processes, sockets and time as they are. */
class LivePodTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration OFTEN = Duration.ofMillis(100);

    @Test
    void initContainersPrepareWhatTheMainOneReadsAndASidecarSeesItEnd() throws Exception {
        Pod pod = Pod.named("job")
                .restartPolicy(RestartPolicy.NEVER)
                .spec(spec -> spec.volume(Volume.emptyDir("work"))
                        .initContainer("one", c -> shell(c, "echo -n one > /scratch/said"))
                        .initContainer("two", c -> shell(c, "echo -n ' two' >> /scratch/said"))
                        .sidecar(
                                "log",
                                c -> shell(c, "trap 'exit 0' TERM; touch /scratch/up; while :; do sleep 0.1; done")
                                        .startup(patient(Probe.exec("test", "-e", "/scratch/up"))))
                        .container(
                                "main",
                                c -> shell(c, "test -e /scratch/up && cp /scratch/said /scratch/words")
                                        .terminationMessagePath(Path.of("/scratch/words"))));
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(pod);
            Resource<PodSpec, PodStatus> ended =
                    await(plane, "job", it -> it.phase().terminal());
            assertThat(ended.status().phase()).isEqualTo(PodPhase.SUCCEEDED);
            assertThat(message(ended.status(), "main")).isEqualTo("one two");
            assertThat(ended.status().container("log").orElseThrow().state())
                    .isInstanceOf(ContainerState.Terminated.class);
        }
    }

    @Test
    void aContainerThatIsNoLongerAliveIsStartedAgain() throws Exception {
        Pod pod = Pod.named("web")
                .spec(spec -> spec.volume(Volume.emptyDir("work"))
                        .container(
                                "main",
                                c -> shell(c, "touch /scratch/alive; exec sleep 1000")
                                        .liveness(Probe.exec("test", "-e", "/scratch/alive")
                                                .timeout(LONG)
                                                .period(OFTEN)
                                                .failureThreshold(2))
                                        .startup(patient(Probe.exec("test", "-e", "/scratch/alive")))));
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(pod);
            await(plane, "web", PodStatus::ready);
            plane.apply(pod.container("main", c -> c)); // nothing changes
            assertThat(plane.events()).noneMatch(event -> event.reason().equals("Unhealthy"));
            plane.apply(pod.container(
                    "main",
                    c -> c.liveness(Probe.exec("test", "-e", "/scratch/never").period(OFTEN))));
            Resource<PodSpec, PodStatus> again = await(plane, "web", it -> it.restarts() >= 2);
            assertThat(again.status()
                            .container("main")
                            .orElseThrow()
                            .lastState()
                            .orElseThrow()
                            .exitCode())
                    .isEqualTo(143);
            assertThat(plane.events())
                    .anyMatch(event -> event.reason().equals("Unhealthy")
                            && event.message().contains("liveness failed: test -e /scratch/never exited with 1"));
        }
    }

    @Test
    void aFunctionSaysWhetherItIsReadyAndHooksRunAroundItsLife() throws Exception {
        AtomicBoolean open = new AtomicBoolean();
        Pod pod = Pod.named("web")
                .terminationGracePeriod(Duration.ofSeconds(20))
                .spec(spec -> spec.volume(Volume.emptyDir("work"))
                        .container(
                                "main",
                                c -> shell(
                                                c,
                                                "trap 'cat /scratch/begun /scratch/drained > /scratch/words; exit 0' TERM;"
                                                        + " while :; do sleep 0.05; done")
                                        .readiness(Probe.function("open")
                                                .timeout(LONG)
                                                .period(OFTEN))
                                        .postStart(Lifecycle.exec("sh", "-c", "echo -n begun, > /scratch/begun"))
                                        .preStop(Lifecycle.exec("sh", "-c", "echo -n drained > /scratch/drained"))
                                        .terminationMessagePath(Path.of("/scratch/words"))));
        try (ControlPlane plane =
                ControlPlane.local().probe("open", target -> open.get()).start()) {
            plane.apply(pod);
            await(
                    plane,
                    "web",
                    it -> it.container("main").filter(main -> main.started()).isPresent());
            assertThat(plane.get(Pod.KIND, "web").orElseThrow().status().ready())
                    .isFalse();
            open.set(true);
            await(plane, "web", PodStatus::ready);
            open.set(false);
            await(plane, "web", it -> !it.ready());
            plane.apply(pod.container("main", c -> c.env("VERSION", "2")));
            Resource<PodSpec, PodStatus> again = await(plane, "web", it -> it.restarts() == 1);
            assertThat(again.status()
                            .container("main")
                            .orElseThrow()
                            .lastState()
                            .orElseThrow()
                            .message())
                    .isEqualTo("begun,drained");
        }
    }

    @Test
    void theEndOfTheLogTellsWhyItFailed() throws Exception {
        Pod pod = Pod.named("lost")
                .restartPolicy(RestartPolicy.NEVER)
                .container(c -> shell(c, "echo connecting; echo 'no such host: db' >&2; exit 3")
                        .terminationMessagePolicy(TerminationMessagePolicy.FALLBACK_TO_LOGS_ON_ERROR));
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(pod);
            Resource<PodSpec, PodStatus> ended =
                    await(plane, "lost", it -> it.phase().terminal());
            assertThat(message(ended.status(), "main")).isEqualTo("connecting\nno such host: db");
        }
    }

    /** A shell may take its time to come to what it is to do first. */
    private static Probe patient(Probe probe) {
        return probe.timeout(LONG).period(OFTEN).failureThreshold(1000);
    }

    private static Container shell(Container container, String script) {
        Container shell = container.command("/bin/sh", "-c", script.replace("$", "$$"));
        return script.contains("/scratch") ? shell.mount("work", "/scratch") : shell;
    }

    private static Resource<PodSpec, PodStatus> await(ControlPlane plane, String pod, Predicate<PodStatus> condition)
            throws InterruptedException {
        return plane.await(Pod.KIND, pod, found -> condition.test(found.status()), LONG)
                .orElseThrow(
                        () -> new AssertionError("not in time: " + plane.get(Pod.KIND, pod) + " " + plane.events()));
    }

    private static String message(PodStatus status, String container) {
        return ((ContainerState.Terminated)
                        status.container(container).orElseThrow().state())
                .message();
    }
}
