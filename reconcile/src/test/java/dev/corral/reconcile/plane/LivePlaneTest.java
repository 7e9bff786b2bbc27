package dev.corral.reconcile.plane;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole of it on the real kernel: processes, sockets and time as they are. */
class LivePlaneTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @TempDir
    private static Path classes;

    /** A mark in the command line, by which all processes of a test can be found. */
    private final String mark = UUID.randomUUID().toString();

    @BeforeAll
    static void publish() throws IOException {
        // Inside a user namespace the program is nobody that this user's private directories would let in.
        Path target = classes.resolve("dev/corral/reconcile/plane/TinyServer.class");
        Files.createDirectories(target.getParent());
        try (InputStream in = TinyServer.class.getResourceAsStream("TinyServer.class")) {
            Files.copy(Optional.ofNullable(in).orElseThrow(), target);
        }
        try (Stream<Path> paths = Files.walk(classes)) {
            for (Path path : paths.filter(Files::isDirectory).toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private Deployment web() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Deployment.named("web")
                .replicas(3)
                .terminationGracePeriod(Duration.ofSeconds(10))
                .container(c -> c.command(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m")
                        .args("-cp", classes.toString(), TinyServer.class.getName(), "$(PORT)", mark)
                        .env("VERSION", "1")
                        .port("http")
                        .readiness(Probe.http("http", "/").timeout(LONG).period(Duration.ofMillis(100))))
                .rollingUpdate(maxSurge(1), maxUnavailable(0));
    }

    @Test
    void threeServersAreReplacedOneByOneAndNoRequestFails() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(web());
            assertThat(plane.await(web(), Deployment.COMPLETE, LONG)).isPresent();
            assertThat(plane.logs(plane.list(Pod.KIND).get(0).name(), "main").orElseThrow())
                    .startsWith("listening on ");

            AtomicBoolean enough = new AtomicBoolean();
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch looked = new CountDownLatch(1);
            // a thread for each: on two processors the common pool has a single one from JDK 25 on
            ExecutorService threads = Executors.newFixedThreadPool(2);
            CompletableFuture<List<String>> client =
                    CompletableFuture.supplyAsync(() -> requests(plane, asked, enough), threads);
            CompletableFuture<Integer> fewest =
                    CompletableFuture.supplyAsync(() -> fewestEndpoints(plane, looked, enough), threads);
            threads.shutdown();
            asked.await();
            looked.await();
            Deployment second = web().container(c -> c.env("VERSION", "2"));
            plane.apply(second);
            assertThat(plane.await(second, Deployment.COMPLETE, LONG)).isPresent();
            enough.set(true);

            assertThat(new TreeSet<>(client.get())).containsExactly("1", "2");
            assertThat(request(plane.endpoints(second))).isEqualTo("2");
            assertThat(fewest.get()).isGreaterThanOrEqualTo(3);
        }
        assertThat(processes()).isEmpty();
    }

    @Test
    void aServerThatIsKilledIsStartedAgain() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(web().replicas(1));
            assertThat(plane.await(web(), Deployment.COMPLETE, LONG)).isPresent();
            String pod = plane.list(Pod.KIND).get(0).name();
            assertThat(processes()).isNotEmpty();
            processes().forEach(ProcessHandle::destroyForcibly);
            assertThat(plane.await(Pod.KIND, pod, found -> found.status().restarts() == 1 && Pod.ready(found), LONG))
                    .isPresent();
            ContainerState.Terminated end = container(plane, pod).lastState().orElseThrow();
            assertThat(end.exitCode()).isEqualTo(137);
            assertThat(end.reason()).isEqualTo(ContainerState.ERROR);
            assertThat(end.message()).startsWith("killed by SIGKILL");
        }
        assertThat(processes()).isEmpty();
    }

    @Test
    void aProgramThatDoesNotExistSaysSo() throws Exception {
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(Pod.named("lost")
                    .container(c -> c.command("/no/such/program").port("http")));
            assertThat(plane.await(
                            Pod.KIND,
                            "lost",
                            pod -> reason(pod.status()).equals(ContainerState.CRASH_LOOP_BACK_OFF),
                            LONG))
                    .isPresent();
            assertThat(container(plane, "lost").lastState().orElseThrow())
                    .returns(ContainerState.START_ERROR, ContainerState.Terminated::reason)
                    .extracting(ContainerState.Terminated::message)
                    .asString()
                    .contains("/no/such/program", "ENOENT");
        }
    }

    @Test
    void closingEndsWhatIgnoresItsSignalAndLeavesNoThread() throws Exception {
        Set<Thread> before = threads();
        try (ControlPlane plane = ControlPlane.local().start()) {
            plane.apply(Deployment.named("deaf")
                    .replicas(2)
                    .terminationGracePeriod(Duration.ofSeconds(1))
                    .container(c -> c.command("/bin/sh", "-c", "trap '' TERM; while :; do sleep 1; done", mark)));
            assertThat(plane.await(Deployment.KIND, "deaf", Deployment.COMPLETE, LONG))
                    .isPresent();
            assertThat(processes()).isNotEmpty();
        }
        assertThat(processes()).isEmpty();
        assertThat(threads()).isSubsetOf(before);
    }

    private static List<String> requests(ControlPlane plane, CountDownLatch asked, AtomicBoolean enough) {
        Endpoints endpoints = plane.endpoints(Deployment.named("web"));
        List<String> answers = new ArrayList<>();
        do {
            answers.add(request(endpoints));
            asked.countDown();
        } while (!enough.get());
        return answers;
    }

    private static String request(Endpoints endpoints) {
        try (Lease lease = endpoints.acquire(LONG).orElseThrow();
                Socket socket =
                        new Socket(lease.address().getAddress(), lease.address().getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.substring(answer.lastIndexOf('\n') + 1);
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException("a request failed", failed);
        }
    }

    private static int fewestEndpoints(ControlPlane plane, CountDownLatch looked, AtomicBoolean enough) {
        Endpoints endpoints = plane.endpoints(Deployment.named("web"));
        int fewest = Integer.MAX_VALUE;
        while (!enough.get()) {
            fewest = Math.min(fewest, endpoints.list().size());
            looked.countDown();
            Thread.onSpinWait();
        }
        return fewest;
    }

    private static String reason(PodStatus status) {
        return status.container("main")
                .map(ContainerStatus::state)
                .map(ContainerState::reason)
                .orElse("");
    }

    private static ContainerStatus container(ControlPlane plane, String pod) {
        return plane.get(Pod.KIND, pod).orElseThrow().status().container("main").orElseThrow();
    }

    private List<ProcessHandle> processes() {
        Predicate<ProcessHandle> ours = process ->
                process.info().commandLine().filter(line -> line.contains(mark)).isPresent();
        return ProcessHandle.allProcesses().filter(ours).toList();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("corral-plane")
                        || thread.getName().startsWith("corral-clock"))
                .collect(Collectors.toSet());
    }
}
