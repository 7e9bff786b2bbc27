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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of pods when their JVM is killed. */
class KilledPlaneTest {
    private static final String PROGRAM = "sleep 6001234";

    @Test
    @Timeout(120)
    void nothingIsLeftOfPodsWhoseJvmIsKilled(@TempDir Path temporary) throws Exception {
        Cgroups.detect().sweep();
        List<String> before = left();
        Process jvm = jvm(temporary);
        try (BufferedReader out = jvm.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.lines().anyMatch("ready"::equals)).isTrue();
            assertThat(left()).isNotEqualTo(before);
            assertThat(temporary).isNotEmptyDirectory();
        } finally {
            jvm.destroyForcibly().waitFor();
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Cgroups.detect().sweep(); // as the next JVM does: an empty group can't remove itself
            assertThat(left()).isEqualTo(before);
            assertThat(temporary).isEmptyDirectory();
        });
    }

    /** Processes, directories in memory, groups. */
    private static List<String> left() throws IOException {
        List<String> all = new ArrayList<>();
        ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.endsWith(PROGRAM) || line.contains("corral-janitor"))
                .forEach(all::add);
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"));
                Stream<Path> groups = Files.walk(Path.of("/sys/fs/cgroup"), 5)) {
            files.filter(file -> String.valueOf(file.getFileName()).startsWith("corral-pods-"))
                    .forEach(file -> all.add(file.toString()));
            groups.filter(group -> String.valueOf(group.getFileName()).startsWith("killed-"))
                    .forEach(group -> all.add(group.toString()));
        }
        return all;
    }

    private static Process jvm(Path temporary) throws IOException {
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
                Main.class.getName());
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

        /** Runs until it is killed. */
        public static void main(String[] arguments) throws Exception {
            ControlPlane plane = ControlPlane.local().bestEffortLimits().start();
            Pod pod = Pod.named("killed")
                    .spec(spec -> spec.hostNetwork(false)
                            .shareProcessNamespace(true)
                            .volume(Volume.emptyDir("disk"))
                            .volume(Volume.emptyDir("memory", VolumeSource.Medium.MEMORY, "1Mi")))
                    .container(
                            "one",
                            c -> c.command(
                                            "/bin/sh",
                                            "-c",
                                            "while :; do echo x >> /disk/file; sleep 0.01; done & exec " + PROGRAM)
                                    .memory("64Mi")
                                    .mount("disk", "/disk")
                                    .mount("memory", "/memory"))
                    .container("two", c -> c.command(PROGRAM.split(" ", -1)).mount("disk", "/there"));
            plane.apply(pod);
            assertThat(plane.await(pod, Pod::ready, Duration.ofSeconds(60))).isPresent();
            System.out.println("ready");
            new CountDownLatch(1).await();
        }
    }
}
