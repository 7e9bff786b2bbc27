package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NamespaceCalls;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.plane.OtherPlane.Workload;
import dev.corral.reconcile.workload.Pod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of volumes in memory whose JVM is killed, and whose pods were to outlive it. */
@Timeout(180)
class SurvivingMemoryTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final boolean MOUNTS = LibC.isCapable(21);

    @TempDir
    private Path state;

    /** A time to sleep that nobody else sleeps. */
    private final String mark = "7" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);

    private Path memory = Path.of("/dev/shm/none");

    private void killed() throws Exception {
        OtherPlane.begin(OtherPlane.Main.class, state.toString(), Workload.MEMORY.name(), mark)
                .ready()
                .close();
        memory = Path.of(Files.readString(state.resolve("memory")));
        assertThat(memory).startsWith(Path.of("/dev/shm")).isNotEmptyDirectory();
        assertThat(mounts()).hasSize(MOUNTS ? 1 : 0);
        // it is ready when its shell has written, and becomes the program afterwards
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(sleeping()).hasSize(1));
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(sleeping()).isEmpty());
        assertThat(memory).doesNotExist();
        assertThat(mounts()).isEmpty();
    }

    @Test
    void itGoesOnWithItsPodAndHoldsNoMoreThanItMay() throws Exception {
        killed();
        List<Long> before = sleeping();
        assertThat(before).hasSize(1);
        try (ControlPlane plane = next()) {
            awaitReady(plane);
            assertThat(sleeping()).as("taken over").isEqualTo(before);
            assertThat(exec(plane, "cat /scratch/first")).isEqualTo("one\n");
            if (MOUNTS) {
                assertThat(exec(
                                plane,
                                "head -c 2000000 /dev/zero > /scratch/more; wc -c < /scratch/more; rm /scratch/more"))
                        .isEqualTo("1040384\n"); // two files have a page each
            }
            exec(plane, "echo two > /scratch/second");
            ProcessHandle.of(before.get(0)).ifPresent(ProcessHandle::destroyForcibly);
            awaitReady(plane, 1);
            assertThat(exec(plane, "cat /scratch/first /scratch/second")).isEqualTo("one\ntwo\n");
            assertThat(mounts()).hasSize(MOUNTS ? 1 : 0);
        }
    }

    @Test
    void itIsThereStillWhenAllHasEndedMeanwhile() throws Exception {
        killed();
        sleeping().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        Awaitility.await().atMost(LONG).until(() -> sleeping().isEmpty());
        try (ControlPlane plane = next()) {
            awaitReady(plane, 1);
            // what its first run has written makes the second one ready before that has written anything
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(exec(plane, "cat /scratch/first /scratch/starts"))
                            .isEqualTo("one\nstart\nstart\n"));
        }
    }

    @Test
    void whatNobodyWantsGivesItBack() throws Exception {
        killed();
        try (ControlPlane plane =
                ControlPlane.local().adopt(state, Duration.ZERO).start()) {
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(mounts()).isEmpty());
            assertThat(plane.list(Pod.KIND)).isEmpty();
        }
    }

    /** As in another mount namespace; a start with another directory than the pod has had would lose what is in it without a word. */
    @Test
    void aStartWithoutTheMemoryOfItsPodIsRefused() throws Exception {
        assumeTrue(MOUNTS, "without CAP_SYS_ADMIN nothing is mounted");
        killed();
        NamespaceCalls.detach(Path.of(mounts().get(0)));
        try (ControlPlane plane = next()) {
            awaitReady(plane);
            assertThat(exec(plane, "cat /scratch/first")).isEqualTo("one\n");
            sleeping().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(plane.events())
                            .extracting(Event::message)
                            .anyMatch(message -> message.contains("volume work: the memory that was mounted on")));
            assertThat(sleeping()).isEmpty();
        }
    }

    private ControlPlane next() {
        ControlPlane plane = ControlPlane.local().adopt(state, LONG).start();
        plane.apply(Workload.MEMORY.of(mark, "1"));
        return plane;
    }

    private void awaitReady(ControlPlane plane) {
        awaitReady(plane, 0);
    }

    private static void awaitReady(ControlPlane plane, int restarts) {
        Awaitility.await()
                .atMost(LONG)
                .until(() -> plane.list(Pod.KIND).stream()
                        .anyMatch(pod -> Pod.ready(pod) && pod.status().restarts() == restarts));
    }

    private static String exec(ControlPlane plane, String script) throws Exception {
        String pod = plane.list(Pod.KIND).get(0).name();
        Process process = plane.exec(pod, "main", "sh", "-c", script);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    private List<Long> sleeping() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.endsWith("/sleep " + mark))
                        .isPresent())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** What this JVM sees mounted there. */
    private List<String> mounts() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.map(line -> line.split(" ", -1)[4])
                    .filter(mounted -> mounted.startsWith(memory.toString()))
                    .toList();
        }
    }
}
