package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.Declared;
import dev.corral.reconcile.plane.OtherPlane.Workload;
import dev.corral.reconcile.workload.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Containers that share namespaces, and outlive their plane. */
class SharingSurvivorsTest extends KilledPlane {
    @Test
    void containersThatShareAreJoinedByTheirNextRun() throws Exception {
        killed(Workload.PAIR);
        Set<Long> before = sleeping(2);
        Declared<?, ?> pair = Workload.PAIR.of(mark, "1");
        try (ControlPlane plane = next(LONG)) {
            plane.apply(pair);
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(plane.list(Pod.KIND)).anyMatch(Pod::ready));
            assertThat(sleeping()).isEqualTo(before);
            ProcessHandle.of(before.iterator().next()).ifPresent(ProcessHandle::destroyForcibly);
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(restarts(plane)).containsValue(1));
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(sleeping()).hasSize(2).isNotEqualTo(before));
            assertThat(sleeping().stream().map(SharingSurvivorsTest::shared))
                    .hasSize(2)
                    .containsOnly(shared(sleeping().iterator().next()));
        }
    }

    /** What some of them share is found again by whoever shares it, and what nobody was left in is made anew. */
    @Test
    void containersThatShareDifferentThingsAreJoinedByTheirNextRun() throws Exception {
        killed(Workload.PARTLY);
        Awaitility.await().atMost(LONG).untilAsserted(() -> assertThat(byWord()).hasSize(3));
        Map<String, Long> before = byWord();
        Declared<?, ?> partly = Workload.PARTLY.of(mark, "1");
        try (ControlPlane plane = next(LONG)) {
            ProcessHandle.of(of(before, "2")).ifPresent(ProcessHandle::destroyForcibly);
            plane.apply(partly);
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(restarts(plane)).containsValue(1));
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(byWord()).hasSize(3));
            Map<String, Long> now = byWord();
            assertThat(now).containsEntry("", of(before, "")).containsEntry("1", of(before, "1"));
            assertThat(of(now, "2")).isNotEqualTo(of(before, "2"));
            assertThat(space(of(now, "2"), "ipc")).isEqualTo(space(of(now, "1"), "ipc"));
            assertThat(space(of(now, ""), "uts")).isEqualTo(space(of(now, "1"), "uts"));
            assertThat(space(of(now, "2"), "uts")).isNotEqualTo(space(of(now, "1"), "uts"));
            assertThat(space(of(now, ""), "ipc")).isNotEqualTo(space(of(now, "1"), "ipc"));
            assertThat(now.values().stream().map(pid -> space(pid, "user")).distinct())
                    .hasSize(1);
        }
    }

    private static long of(Map<String, Long> programs, String word) {
        return Objects.requireNonNull(programs.get(word), word);
    }

    /** The programs by what their time has more than the mark. */
    private Map<String, Long> byWord() {
        Map<String, Long> all = new TreeMap<>();
        processes().forEach((pid, line) -> {
            if (line.contains("sleep " + mark)) {
                all.put(line.substring(line.indexOf(mark) + mark.length()).strip(), pid);
            }
        });
        return all;
    }

    private static String shared(long pid) {
        return space(pid, "uts");
    }

    private static String space(long pid, String kind) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + kind))
                    .toString();
        } catch (IOException gone) {
            throw new java.io.UncheckedIOException(gone);
        }
    }
}
