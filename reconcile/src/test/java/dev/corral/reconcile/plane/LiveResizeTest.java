package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.ResizeRestart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Other limits for containers that run. */
@Timeout(300)
class LiveResizeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** Nobody else on the machine sleeps as long. */
    private static final String MARK = "600123." + ProcessHandle.current().pid();

    private static final String USES = "x=$$(head -c 40000000 /dev/zero | tr '\\0' x); echo big; sleep 600 & wait";

    @BeforeEach
    void limits() {
        assumeTrue(Cgroups.detect().availability(Controller.MEMORY).ok(), "no memory controller for this user");
        assumeTrue(Cgroups.detect().availability(Controller.PIDS).ok(), "no pids controller for this user");
    }

    @Test
    void otherLimitsAreInForceWithoutAStart() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(pod(c -> c.command("sleep", MARK).memory("64Mi").pids(20)));
            Instant since = running(plane);
            plane.apply(pod(c -> c.command("sleep", MARK).memory("96Mi").pids(30)));
            Resource<PodSpec, PodStatus> after = observed(plane);
            assertThat(((ContainerState.Running) state(after)).startedAt()).isEqualTo(since);
            assertThat(condition(after, PodStatus.RESIZE_PENDING)).isEmpty();
            assertThat(condition(after, PodStatus.RESIZE_IN_PROGRESS)).isEmpty();
            assertThat(limit("sleep " + MARK)).isEqualTo(96L << 20);
            assertThat(plane.events())
                    .filteredOn(event -> event.reason().equals("ResizeCompleted"))
                    .extracting(Event::message)
                    .containsExactly("container main has other resources, and runs on");
        }
    }

    @Test
    void aSidecarGetsOtherLimitsWithoutAStartToo() throws Exception {
        UnaryOperator<Container> log = c -> c.command("sleep", MARK + "1").memory("64Mi");
        Pod pod = pod(c -> c.command("sleep", "600"));
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(pod.spec(spec -> spec.sidecar("log", log)));
            ContainerState before =
                    state(plane.await(Pod.KIND, "web", Pod::ready, LIMIT).orElseThrow(), "log");
            plane.apply(pod.spec(spec -> spec.sidecar("log", c -> log.apply(c).memory("96Mi"))));
            assertThat(state(observed(plane), "log")).isEqualTo(before).isInstanceOf(ContainerState.Running.class);
            assertThat(limit("sleep " + MARK + "1")).isEqualTo(96L << 20);
            plane.apply(pod.spec(spec ->
                    spec.sidecar("log", c -> log.apply(c).memory("128Mi").request("cpu", "90k"))));
            Resource<PodSpec, PodStatus> refused = plane.await(
                            Pod.KIND, "web", one -> reason(one).equals("Infeasible"), LIMIT)
                    .orElseThrow();
            assertThat(state(refused, "log")).isEqualTo(before);
            assertThat(limit("sleep " + MARK + "1")).as("in force").isEqualTo(96L << 20);
        }
    }

    @Test
    void aLimitBelowTheUsageIsDeferredAndAnImpossibleRequestSaidToBe() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(pod(c -> c.command("/bin/bash", "-c", USES).memory("256Mi")));
            org.awaitility.Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> plane.logs("web", "main").orElse("").contains("big"));
            Instant since = running(plane);
            plane.apply(pod(c -> c.command("/bin/bash", "-c", USES).memory("8Mi")));
            Resource<PodSpec, PodStatus> deferred = plane.await(
                            Pod.KIND, "web", pod -> reason(pod).equals("Deferred"), LIMIT)
                    .orElseThrow();
            assertThat(((ContainerState.Running) state(deferred)).startedAt()).isEqualTo(since);
            assertThat(plane.progress(Pod.named("web")))
                    .hasValueSatisfying(
                            line -> assertThat(line).contains("; other resources wait: Deferred: container "));
            plane.apply(
                    pod(c -> c.command("/bin/bash", "-c", USES).memory("256Mi").request("cpu", "90k")));
            assertThat(plane.await(Pod.KIND, "web", pod -> reason(pod).equals("Infeasible"), LIMIT))
                    .isPresent();
            plane.apply(pod(c -> c.command("/bin/bash", "-c", USES).memory("512Mi")));
            Resource<PodSpec, PodStatus> fits = plane.await(
                            Pod.KIND, "web", pod -> reason(pod).isEmpty(), LIMIT)
                    .orElseThrow();
            assertThat(((ContainerState.Running) state(fits)).startedAt()).isEqualTo(since);
        }
    }

    @Test
    void whatSaysSoIsStartedAnew() throws Exception {
        UnaryOperator<Container> strict =
                c -> c.command("sleep", "600").resizePolicy("memory", ResizeRestart.RESTART_CONTAINER);
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(pod(c -> strict.apply(c).memory("64Mi")).terminationGracePeriod(Duration.ZERO));
            Instant since = running(plane);
            plane.apply(pod(c -> strict.apply(c).memory("96Mi")).terminationGracePeriod(Duration.ZERO));
            assertThat(plane.await(
                            Pod.KIND,
                            "web",
                            pod -> state(pod) instanceof ContainerState.Running now
                                    && now.startedAt().isAfter(since),
                            LIMIT))
                    .isPresent();
        }
    }

    private static Pod pod(UnaryOperator<Container> edit) {
        return Pod.named("web").container(edit);
    }

    private static Instant running(ControlPlane plane) throws InterruptedException {
        return plane.await(Pod.KIND, "web", pod -> state(pod) instanceof ContainerState.Running, LIMIT)
                .map(pod -> ((ContainerState.Running) state(pod)).startedAt())
                .orElseThrow();
    }

    /** The pod once its agent has seen the newest spec. */
    private static Resource<PodSpec, PodStatus> observed(ControlPlane plane) throws InterruptedException {
        return plane.await(
                        Pod.KIND,
                        "web",
                        pod -> pod.status()
                                .conditions()
                                .get(PodStatus.READY)
                                .filter(ready -> ready.observedGeneration()
                                        == pod.metadata().generation())
                                .isPresent(),
                        LIMIT)
                .orElseThrow();
    }

    private static ContainerState state(Resource<PodSpec, PodStatus> pod) {
        return state(pod, "main");
    }

    private static ContainerState state(Resource<PodSpec, PodStatus> pod, String container) {
        return pod.status()
                .container(container)
                .map(ContainerStatus::state)
                .orElseGet(() -> new ContainerState.Waiting("", ""));
    }

    private static Optional<Condition> condition(Resource<PodSpec, PodStatus> pod, String type) {
        return pod.status().conditions().get(type);
    }

    private static String reason(Resource<PodSpec, PodStatus> pod) {
        return condition(pod, PodStatus.RESIZE_PENDING).map(Condition::reason).orElse("");
    }

    /** The memory limit that the kernel has for the group of a process. */
    private static long limit(String commandLine) throws IOException {
        long pid = ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith(commandLine))
                .mapToLong(ProcessHandle::pid)
                .max()
                .orElseThrow();
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "cgroup"))) {
            String[] fields = line.split(":", 3);
            Path one = Path.of("/sys/fs/cgroup/memory" + fields[2], "memory.limit_in_bytes");
            Path two = Path.of("/sys/fs/cgroup" + fields[2], "memory.max");
            if (fields[1].equals("memory") || (fields[0].equals("0") && Files.exists(two))) {
                return Long.parseLong(
                        Files.readString(fields[1].isEmpty() ? two : one).strip());
            }
        }
        throw new IllegalStateException("no memory group of process " + pid);
    }
}
