package dev.corral.examples.workloads;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.reconcile.plane.ControlPlane;
import dev.corral.reconcile.plane.Endpoints;
import dev.corral.reconcile.plane.Lease;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Probe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Three servers under load are rolled forward to a second version, then to one that never gets ready, and back to the first. The bad
 * version stops at its deadline while the old one goes on serving, and no request fails at any time.
 */
public final class RollingServers {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private RollingServers() {}

    /**
     * What has come of it.
     *
     * @param answers how many requests each version has answered
     * @param failed how many requests failed
     * @param fewest the smallest number of servers in rotation that was seen
     * @param stopped how far the bad version got, and why it stopped, in a line
     */
    record Outcome(Map<String, Integer> answers, int failed, int fewest, String stopped) {}

    /** Takes no arguments. */
    public static void main(String... arguments) throws Exception {
        Path classes = Files.createTempDirectory("corral-servers-");
        try (ControlPlane plane = ControlPlane.local().start()) {
            System.out.println(run(plane, classes, System.out::println));
            System.out.println(plane.describe());
        } finally {
            deleteTree(classes);
        }
    }

    static Outcome run(ControlPlane plane, Path classes, Consumer<String> lines)
            throws IOException, InterruptedException, ExecutionException {
        publish(classes);
        Deployment first = version(classes, "1");
        Deployment second = version(classes, "2");
        Deployment bad =
                version(classes, "3").container(c -> c.env("DEAF", "yes")).progressDeadline(Duration.ofSeconds(3));
        plane.follow(first, lines);
        plane.apply(first);
        plane.require(first, Deployment.COMPLETE, PATIENCE);

        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Outcome> load = CompletableFuture.supplyAsync(() -> load(plane.endpoints(first), enough));
        try {
            plane.apply(second);
            plane.require(second, Deployment.COMPLETE, PATIENCE);
            plane.apply(bad);
            plane.require(bad, Deployment.FAILED, PATIENCE);
            String stopped = plane.progress(bad).orElseThrow();
            plane.apply(first); // undone: the ReplicaSet of its template is still there
            plane.require(first, Deployment.COMPLETE, PATIENCE);
            enough.set(true);
            Outcome seen = load.get();
            return new Outcome(seen.answers(), seen.failed(), seen.fewest(), stopped);
        } finally {
            enough.set(true);
        }
    }

    private static Deployment version(Path classes, String version) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Deployment.named("web")
                .replicas(3)
                .terminationGracePeriod(Duration.ofSeconds(8))
                .container(c -> c.command(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx32m")
                        .args("-cp", classes.toString(), Server.class.getName(), "$(PORT)")
                        .env("VERSION", version)
                        .port("http")
                        .readiness(Probe.http("http", "/")
                                .timeout(Duration.ofSeconds(10))
                                .period(Duration.ofMillis(100))))
                .rollingUpdate(maxSurge(1), maxUnavailable(0));
    }

    /** One request after the other until it is enough. */
    private static Outcome load(Endpoints endpoints, AtomicBoolean enough) {
        Map<String, Integer> answers = new TreeMap<>();
        int failed = 0;
        int fewest = Integer.MAX_VALUE;
        while (!enough.get()) {
            fewest = Math.min(fewest, endpoints.list().size());
            try {
                answers.merge(ask(endpoints), 1, Integer::sum);
            } catch (IOException refused) {
                failed++;
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        return new Outcome(answers, failed, fewest, "");
    }

    /** A lease keeps the server in place for as long as the request takes. */
    private static String ask(Endpoints endpoints) throws IOException, InterruptedException {
        try (Lease lease = endpoints.acquire(Duration.ofMinutes(1)).orElseThrow(() -> new IOException("no server"));
                Socket socket =
                        new Socket(lease.address().getAddress(), lease.address().getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            if (!answer.startsWith("HTTP/1.1 200 ")) {
                throw new IOException("the answer is '" + answer + "'");
            }
            return answer.substring(answer.lastIndexOf('\n') + 1);
        }
    }

    /** The children of root run as users that nobody else is: what they read must be readable for everybody. */
    private static void publish(Path classes) throws IOException {
        Path directory = classes.resolve(Server.class.getPackageName().replace('.', '/'));
        Path target = directory.resolve("RollingServers$Server.class");
        Files.createDirectories(directory);
        try (InputStream in = RollingServers.class.getResourceAsStream("RollingServers$Server.class")) {
            if (in == null) {
                throw new IOException("the server's class is not beside this one");
            }
            Files.copy(in, target);
        }
        Path open = classes;
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Path name : classes.relativize(directory)) {
            open = open.resolve(name);
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static void deleteTree(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            for (Path path : paths.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(path);
            }
        }
    }

    /** The server: answers every request with the value of VERSION, or if DEAF is set never even listens. */
    static final class Server {
        private Server() {}

        public static void main(String... arguments) throws IOException, InterruptedException {
            if (System.getenv("DEAF") != null) {
                Thread.currentThread().join();
            }
            byte[] answer = ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + System.getenv("VERSION")).getBytes(UTF_8);
            try (ServerSocket server =
                    new ServerSocket(Integer.parseInt(arguments[0]), 50, InetAddress.getLoopbackAddress())) {
                while (true) {
                    try (Socket socket = server.accept()) {
                        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                        String line = in.readLine();
                        while (line != null && !line.isEmpty()) {
                            line = in.readLine();
                        }
                        socket.getOutputStream().write(answer);
                    }
                }
            }
        }
    }
}
