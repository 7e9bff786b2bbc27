package dev.corral.reconcile.plane;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.Lifecycle;
import dev.corral.reconcile.workload.LogQuery;
import dev.corral.reconcile.workload.NamespaceKind;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.Sharing;
import dev.corral.reconcile.workload.Volume;
import dev.corral.reconcile.workload.VolumeSource;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A control plane in a JVM of its own, to be killed. */
final class OtherPlane implements AutoCloseable {
    static final Duration GRACE_OF_THE_DEAF = Duration.ofSeconds(6);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process jvm;
    private final BufferedReader out;

    private OtherPlane(Process jvm) {
        this.jvm = jvm;
        this.out = jvm.inputReader(StandardCharsets.UTF_8);
    }

    /** Begins one that lets its pods outlive it; nothing else is awaited. */
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
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** The directory with the test classes, which patch a module and so stand on neither path. */
    private static String root() {
        String file = OtherPlane.class.getName().replace('.', '/') + ".class";
        String path =
                Objects.requireNonNull(OtherPlane.class.getResource("/" + file)).getPath();
        return path.substring(0, path.length() - file.length());
    }

    /** Waits until it says that it is ready. */
    OtherPlane ready() throws IOException {
        String line = out.readLine();
        if (!"ready".equals(line)) {
            throw new IllegalStateException("the other JVM says " + line);
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        jvm.destroyForcibly().onExit().join();
        out.close();
    }

    /** What is declared, by name: sleeps all, for a time that only this test sleeps. */
    enum Workload {
        /** Three replicas. */
        WEB {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Deployment.named("web")
                        .replicas(3)
                        .terminationGracePeriod(Duration.ofSeconds(2))
                        .container(c -> c.command("sleep", mark).env("VERSION", version));
            }
        },
        /** One with a limit, that writes a line for each there is in its file. */
        TALKING {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Deployment.named("talking")
                        .terminationGracePeriod(Duration.ofSeconds(2))
                        .container(c -> c.command(
                                        "sh",
                                        "-c",
                                        "n=0; while :; do n=$((n+1)); echo line $n; sleep 0.1; done & exec sleep "
                                                + mark)
                                .port("http")
                                .memory("64Mi"));
            }
        },
        /** Two containers that share a host name and memory. */
        PAIR {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Deployment.named("pair")
                        .terminationGracePeriod(Duration.ofSeconds(2))
                        .container("one", c -> c.command("sleep", mark))
                        .container("two", c -> c.command("sleep", mark + "1"));
            }
        },
        /** One that fails at first and then runs, as its volume tells it. */
        CRASHING {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return withVolume(
                        "crashing", "[ -e /scratch/tried ] && exec sleep " + mark + "; touch /scratch/tried; exit 3");
            }
        },
        /** One that fails, then runs until there is a file, and fails again; each time it says so, and that is once too often. */
        TELLING {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Pod.named("telling")
                        .spec(spec -> spec.volume(Volume.emptyDir("work"))
                                .giveUpAfter(1, Duration.ofMinutes(5))
                                .container(
                                        "main",
                                        c -> c.command(
                                                        "sh",
                                                        "-c",
                                                        "[ -e /scratch/tried ] || { touch /scratch/tried;"
                                                                + " echo no quorum > /scratch/words; exit 3; }; sleep "
                                                                + mark + " & while [ ! -e /scratch/go ]; do"
                                                                + " sleep 0.05; done; echo no disk > /scratch/words;"
                                                                + " exit 4")
                                                .mount("work", "/scratch")
                                                .readiness(Probe.exec("test", "-e", "/scratch/tried"))
                                                .terminationMessagePath(Path.of("/scratch/words"))));
            }
        },
        /** One with a volume in memory, in which it counts its starts. */
        MEMORY {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Deployment.named("memory")
                        .terminationGracePeriod(Duration.ofSeconds(2))
                        .template(pod -> pod.spec(
                                spec -> spec.volume(Volume.emptyDir("work", VolumeSource.Medium.MEMORY, "1Mi"))))
                        .container(c -> c.command(
                                        "sh",
                                        "-c",
                                        "[ -e /scratch/first ] || echo one > /scratch/first; echo start >> /scratch/starts;"
                                                + " exec sleep " + mark)
                                .readiness(Probe.exec("test", "-e", "/scratch/starts"))
                                .mount("work", "/scratch"));
            }
        },
        /** One that takes more memory than it may once there is a file. */
        HUNGRY {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return withVolume(
                        "hungry",
                        "sleep " + mark + " & while [ ! -e /scratch/go ]; do sleep 0.05; done; rm /scratch/go; "
                                + "exec tail /dev/zero");
            }
        },
        /** Three of which two share a host name and two share memory. */
        PARTLY {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Deployment.named("partly")
                        .terminationGracePeriod(Duration.ofSeconds(2))
                        .container(
                                "one",
                                c -> c.command("sleep", mark)
                                        .confines(own -> own.namespace(NamespaceKind.IPC, Sharing.PRIVATE)))
                        .container("two", c -> c.command("sleep", mark + "1"))
                        .container(
                                "three",
                                c -> c.command("sleep", mark + "2")
                                        .confines(own -> own.namespace(NamespaceKind.UTS, Sharing.PRIVATE)));
            }
        },
        /** Two containers; another version gives one other resources while it runs, starts the other one anew, and ends sooner. */
        CHANGING {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Pod.named("changing")
                        .terminationGracePeriod(Duration.ofSeconds(2))
                        .spec(spec -> spec.activeDeadline(Duration.ofDays(version.equals("1") ? 2 : 1)))
                        .container("one", c -> c.command("sleep", mark).memory(version.equals("1") ? "64Mi" : "96Mi"))
                        .container("two", c -> c.command("sleep", mark + "1").env("VERSION", version));
            }
        },
        /** One whose hook is done once there is a file. */
        HOOKED {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Deployment.named("hooked")
                        .terminationGracePeriod(Duration.ofSeconds(2))
                        .template(pod -> pod.spec(spec -> spec.volume(Volume.emptyDir("work"))))
                        .container(c -> c.command("sleep", mark)
                                .mount("work", "/scratch")
                                .postStart(Lifecycle.exec(
                                        "sh",
                                        "-c",
                                        "echo begun >> /scratch/hooks; while [ ! -e /scratch/go ]; do sleep 0.05; done;"
                                                + " echo done >> /scratch/hooks")));
            }
        },
        /** One that is being ended, which it does not hear. */
        LEAVING {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Pod.named("leaving")
                        .terminationGracePeriod(Duration.ofSeconds(5)) // in which its JVM is to be killed
                        .container(c -> c.command(
                                "sh", "-c", "trap '' TERM; echo deaf; sleep $0 & wait; wait; sleep $0", mark));
            }
        },
        /** One that does not end when it is asked to. */
        DEAF {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Deployment.named("deaf")
                        .terminationGracePeriod(GRACE_OF_THE_DEAF)
                        .container(c -> c.command("sh", "-c", "trap '' TERM; sleep $0 & wait; wait; sleep $0", mark));
            }
        },
        /** One that ends well when it is asked to end. */
        JOB {
            @Override
            Declared<?, ?> of(String mark, String version) {
                return Job.named("job")
                        .container(c -> c.command("sh", "-c", "trap 'exit 0' TERM; sleep $0 & wait", mark));
            }
        };

        private static Deployment withVolume(String name, String script) {
            return Deployment.named(name)
                    .terminationGracePeriod(Duration.ofSeconds(2))
                    .template(pod -> pod.spec(spec -> spec.volume(Volume.emptyDir("work"))))
                    .container(c -> c.command("sh", "-c", script).memory("32Mi").mount("work", "/scratch"));
        }

        abstract Declared<?, ?> of(String mark, String version);
    }

    /** A state directory or {@code -}, a workload, a mark. */
    static final class Main {
        private Main() {}

        /** Runs until it is killed. */
        public static void main(String[] arguments) throws Exception {
            LocalPlane local = ControlPlane.local();
            if (!arguments[0].equals("-")) {
                local = local.adopt(Path.of(arguments[0]));
            }
            Declared<?, ?> declared = Workload.valueOf(arguments[1]).of(arguments[2], "1");
            ControlPlane plane = local.start();
            plane.apply(declared);
            int pods = declared.name().equals("web") ? 3 : 1;
            if (declared.name().equals("hooked")) {
                Path volumes = Path.of(arguments[0]).resolve("pods/default");
                Awaitility.await().atMost(PATIENCE).until(() -> begun(volumes));
            } else {
                Awaitility.await().atMost(PATIENCE).until(() -> ready(plane) == pods);
            }
            if (declared.name().equals("leaving")) {
                // it runs already before its shell has come to the trap
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> plane.logs("leaving", "main").orElse("").contains("deaf"));
                plane.delete(Pod.KIND, "leaving");
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> plane.events().stream()
                                .anyMatch(event -> event.message().contains("is asked to end")));
            }
            if (declared.name().equals("talking")) {
                String pod = plane.list(Pod.KIND).get(0).name();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> plane.logs(pod, "main", LogQuery.all()).size() > 3);
            }
            if (declared.name().equals("crashing")) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> plane.list(Pod.KIND).stream()
                                .anyMatch(pod -> Pod.ready(pod)
                                        && pod.status().containers().get(0).restartCount() == 1));
            }
            if (declared.name().equals("changing")) {
                plane.apply(Workload.CHANGING.of(arguments[2], "2"));
                Awaitility.await().atMost(PATIENCE).until(() -> ready(plane) == 1 && restarted(plane, "two"));
            }
            System.out.println("ready");
            new CountDownLatch(1).await();
        }

        private static boolean restarted(ControlPlane plane, String container) {
            return plane.list(Pod.KIND)
                            .get(0)
                            .status()
                            .container(container)
                            .orElseThrow()
                            .restartCount()
                    == 1;
        }

        /** Whether the hook of the only pod runs, or has run. */
        private static boolean begun(Path pods) throws IOException {
            if (!Files.isDirectory(pods)) {
                return false;
            }
            try (Stream<Path> all = Files.list(pods)) {
                return all.anyMatch(pod -> Files.exists(pod.resolve(".volumes/work/hooks")));
            }
        }

        private static long ready(ControlPlane plane) {
            return plane.list(Pod.KIND).stream().filter(Pod::ready).count();
        }
    }
}
