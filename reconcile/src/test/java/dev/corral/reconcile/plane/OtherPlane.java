package dev.corral.reconcile.plane;

import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A control plane in a JVM of its own, with a Deployment, to be killed. */
final class OtherPlane implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(60);

    private final Process jvm;
    private final BufferedReader out;

    private OtherPlane(Process jvm) {
        this.jvm = jvm;
        this.out = jvm.inputReader(StandardCharsets.UTF_8);
    }

    /** Begins; the arguments are those of {@link Main}. */
    static OtherPlane begin(Path state, String... more) throws IOException {
        return begin(
                Main.class,
                Stream.concat(Stream.of(state.toString()), Stream.of(more)).toArray(String[]::new));
    }

    static OtherPlane begin(Class<?> main, String... arguments) throws IOException {
        String classes = Stream.of("java.class.path", "jdk.module.path")
                .flatMap(name -> Stream.of(System.getProperty(name, "").split(File.pathSeparator, -1)))
                .filter(place -> !place.isEmpty())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator, root() + File.pathSeparator, ""));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                main.getName()));
        command.addAll(List.of(arguments));
        return new OtherPlane(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The directory with the test classes, which patch a module and so stand on neither path. */
    private static String root() {
        String file = OtherPlane.class.getName().replace('.', '/') + ".class";
        String path =
                Objects.requireNonNull(OtherPlane.class.getResource("/" + file)).getPath();
        return path.substring(0, path.length() - file.length());
    }

    /** What it printed until its Deployment was complete: restarts of each pod. */
    Map<String, Integer> ready() throws IOException {
        Map<String, Integer> restarts = new TreeMap<>();
        String line = out.readLine();
        while (line != null && !line.equals("ready")) {
            String[] words = line.split(" ", -1);
            restarts.put(words[0], Integer.valueOf(words[1]));
            line = out.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("the other JVM has ended before it was ready");
        }
        return restarts;
    }

    /** SIGKILL, without a word before. */
    void kill() throws InterruptedException {
        jvm.destroyForcibly().waitFor();
    }

    /** Has it close its plane. */
    int end() throws IOException, InterruptedException {
        jvm.outputWriter(StandardCharsets.UTF_8).close();
        return jvm.waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        kill();
        out.close();
    }

    /** The Deployment whose pods are killed and taken over. */
    static Deployment web(String mark, String version) {
        return Deployment.named("web")
                .replicas(3)
                .terminationGracePeriod(Duration.ofSeconds(2))
                .container(c -> c.command("sleep", mark).env("VERSION", version));
    }

    /** State directory or {@code -}, mark, version, patience in seconds. */
    static final class Main {
        private Main() {}

        /** Runs until its input ends, or it is killed. */
        public static void main(String[] arguments) throws Exception {
            LocalPlane local = ControlPlane.local();
            if (!arguments[0].equals("-")) {
                local = local.adopt(Path.of(arguments[0]), Duration.ofSeconds(Long.parseLong(arguments[3])));
            }
            try (ControlPlane plane = local.start()) {
                Deployment web = web(arguments[1], arguments[2]);
                plane.apply(web);
                if (plane.await(web, Deployment.COMPLETE, LONG).isEmpty()) {
                    System.err.println(plane.describe(web).orElse("nothing"));
                    Runtime.getRuntime().halt(2);
                }
                plane.list(Pod.KIND).forEach(pod -> System.out.println(pod.name() + " " + restarts(pod.status())));
                System.out.println("ready");
                Thread closer = new Thread(() -> {}, "never");
                closer.setDaemon(true);
                CountDownLatch end = new CountDownLatch(1);
                new Thread(() -> {
                            try {
                                System.in.readAllBytes();
                            } catch (IOException broken) {
                                System.err.println(broken);
                            }
                            end.countDown();
                        })
                        .start();
                end.await();
            }
        }

        private static int restarts(PodStatus status) {
            return status.containers().stream()
                    .mapToInt(ContainerStatus::restartCount)
                    .sum();
        }
    }
}
