package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.reconcile.plane.OtherPlane.Workload;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plane whose JVM is killed, what outlives it, and the plane that comes next. */
@Timeout(180)
abstract class KilledPlane {
    static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path state;

    /** A time to sleep that nobody else sleeps. */
    final String mark = "7" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);

    @AfterEach
    void nothingIsLeft() throws IOException {
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(processes()).isEmpty());
        Path pods = state.resolve("pods");
        if (Files.exists(pods)) {
            try (Stream<Path> files = Files.walk(pods)) {
                assertThat(files.filter(Files::isRegularFile)).isEmpty();
            }
        }
    }

    /** All processes with the mark, with what they were started as. */
    Map<Long, String> processes() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> process.info()
                            .commandLine()
                            .filter(line -> line.contains(mark) && !line.contains("OtherPlane"))
                            .isPresent())
                    .collect(Collectors.toMap(
                            ProcessHandle::pid,
                            process -> process.info().commandLine().orElse(""),
                            (one, other) -> one,
                            TreeMap::new));
        }
    }

    Set<Long> sleeping() {
        return processes().entrySet().stream()
                .filter(process -> process.getValue().matches(".*sleep " + mark + "1?"))
                .filter(process -> !process.getValue().contains("sh "))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** So many programs; those that a shell becomes, or starts, are there a moment after their container runs. */
    Set<Long> sleeping(int programs) {
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(sleeping()).hasSize(programs));
        return sleeping();
    }

    void killed(Workload workload) throws Exception {
        OtherPlane.begin(OtherPlane.Main.class, state.toString(), workload.name(), mark)
                .ready()
                .close();
    }

    ControlPlane next(Duration patience) {
        return ControlPlane.local().adopt(state, patience).start();
    }

    Deployment web(String version) {
        return (Deployment) Workload.WEB.of(mark, version);
    }

    static Map<String, Integer> restarts(ControlPlane plane) {
        Map<String, Integer> all = new TreeMap<>();
        plane.list(Pod.KIND)
                .forEach(pod -> all.put(
                        pod.name(),
                        pod.status().containers().stream()
                                .mapToInt(ContainerStatus::restartCount)
                                .sum()));
        return all;
    }

    /** The directory of the only pod. */
    Path pod() throws IOException {
        try (Stream<Path> pods = Files.list(state.resolve("pods/default"))) {
            return pods.findFirst().orElseThrow();
        }
    }

    static ContainerStatus main(ControlPlane plane) {
        return plane.list(Pod.KIND).get(0).status().containers().get(0);
    }

    void touch(String file) throws IOException {
        Files.createFile(pod().resolve(".volumes/work").resolve(file));
    }

    static void assumeMemory() {
        Availability memory = Cgroups.detect().availability(Controller.MEMORY);
        Assumptions.assumeThat(memory.ok()).as(memory.describe()).isTrue();
    }
}
