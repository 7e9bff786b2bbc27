package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.cgroups.Cgroups;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.Volume;
import dev.corral.reconcile.workload.VolumeSource;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of pods when their JVM is killed. */
class KilledPlaneTest {
    /** What nobody else on the machine has: in the arguments of its programs, and the name of its pod. */
    private static final String MARK = Long.toString(ProcessHandle.current().pid());

    private final Set<Path> inMemory = new HashSet<>();

    @TempDir
    Path temporary;

    @Test
    @Timeout(120)
    void nothingIsLeftOfPodsWhoseJvmIsKilled() throws Exception {
        Process jvm = jvm();
        try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.lines().anyMatch("ready"::equals)).isTrue();
            // a container is ready a moment before its shell becomes the program
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                inMemory.addAll(inMemory());
                assertThat(inMemory).isNotEmpty();
                assertThat(left())
                        .anyMatch(line -> line.endsWith(Main.program(MARK)))
                        .anyMatch(line -> line.contains("corral-janitor"))
                        .anyMatch(line -> line.startsWith("/dev/shm/"));
            });
            assertThat(temporary).isNotEmptyDirectory();
        } finally {
            jvm.destroyForcibly().waitFor();
        }
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Cgroups.detect().sweep(); // as the next JVM does: an empty group can't remove itself
            assertThat(left()).isEmpty();
            assertThat(temporary).isEmptyDirectory();
        });
    }

    /** Processes, directories in memory, groups. */
    private List<String> left() throws IOException {
        List<String> all = new ArrayList<>(janitors());
        lines().filter(line -> line.endsWith(Main.program(MARK))).forEach(all::add);
        inMemory.stream().filter(Files::exists).map(Path::toString).forEach(all::add);
        all.addAll(groups());
        return all;
    }

    /** Others come and go while they are looked for. */
    private static List<String> groups() throws IOException {
        List<String> all = new ArrayList<>();
        Files.walkFileTree(Path.of("/sys/fs/cgroup"), Set.of(), 5, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path group, BasicFileAttributes attributes) {
                if (String.valueOf(group.getFileName()).startsWith(Main.pod(MARK) + "-")) {
                    all.add(group.toString());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path gone, IOException failed) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path group, @Nullable IOException failed) {
                return FileVisitResult.CONTINUE;
            }
        });
        return all;
    }

    /** Who removes the directories, this test's among them. */
    private List<String> janitors() {
        return lines().filter(line -> line.contains("corral-janitor") && line.contains(temporary.toString()))
                .toList();
    }

    private Set<Path> inMemory() {
        return janitors().stream()
                .flatMap(line -> Stream.of(line.split(" ", -1)))
                .filter(word -> word.startsWith("/dev/shm/"))
                .map(Path::of)
                .collect(Collectors.toSet());
    }

    private static Stream<String> lines() {
        return ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream());
    }

    private Process jvm() throws IOException {
        String classes = Stream.of("java.class.path", "jdk.module.path")
                .flatMap(name -> Stream.of(System.getProperty(name, "").split(File.pathSeparator, -1)))
                .filter(place -> !place.isEmpty())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator, root() + File.pathSeparator, ""));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                classes,
                Main.class.getName(),
                MARK);
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The directory with the test classes, which patch a module and so stand on neither path. */
    private static String root() {
        String file = Main.class.getName().replace('.', '/') + ".class";
        String path = Objects.requireNonNull(Main.class.getResource("/" + file)).getPath();
        return path.substring(0, path.length() - file.length());
    }

    /** A plane with a pod that has a bit of everything. */
    static final class Main {
        private Main() {}

        static String pod(String mark) {
            return "killed-" + mark;
        }

        static String program(String mark) {
            return "sleep 6001234." + mark;
        }

        /** Runs until it is killed; with a mark. */
        public static void main(String[] arguments) throws Exception {
            ControlPlane plane = ControlPlane.local().bestEffortLimits().start();
            Pod pod = Pod.named(pod(arguments[0]))
                    .spec(spec -> spec.hostNetwork(false)
                            .shareProcessNamespace(true)
                            .volume(Volume.emptyDir("disk"))
                            .volume(Volume.emptyDir("memory", VolumeSource.Medium.MEMORY, "1Mi")))
                    .container(
                            "one",
                            c -> c.command(
                                            "/bin/sh",
                                            "-c",
                                            "while :; do echo x >> /disk/file; sleep 0.01; done & exec "
                                                    + program(arguments[0]))
                                    .memory("64Mi")
                                    .mount("disk", "/disk")
                                    .mount("memory", "/memory"))
                    .container(
                            "two",
                            c -> c.command(program(arguments[0]).split(" ", -1)).mount("disk", "/there"));
            plane.apply(pod);
            assertThat(plane.await(pod, Pod::ready, Duration.ofSeconds(60))).isPresent();
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }
}
