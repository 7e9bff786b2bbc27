package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.cgroups.Cgroups;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.plane.OtherPlane.Workload;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.LogLine;
import dev.corral.reconcile.workload.LogQuery;
import dev.corral.reconcile.workload.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of pods whose JVM is killed, and that were to outlive it. */
class SurvivingPodsTest extends KilledPlane {
    @Test
    void theNextPlaneTakesThemOver() throws Exception {
        killed(Workload.WEB);
        Set<Long> before = sleeping(3);
        try (ControlPlane plane = next(LONG)) {
            plane.apply(web("1"));
            assertThat(plane.await(web("1"), Deployment.COMPLETE, LONG)).isPresent();
            assertThat(restarts(plane))
                    .hasSize(3)
                    .allSatisfy((pod, count) -> assertThat(count).isZero());
            assertThat(sleeping()).as("taken over").isEqualTo(before);
            assertThat(plane.events())
                    .extracting(Event::reason)
                    .contains("TakenOver")
                    .doesNotContain("Started");
            assertThat(plane.list(Pod.KIND))
                    .allSatisfy(
                            pod -> assertThat(pod.status().containers().get(0).state())
                                    .isInstanceOf(ContainerState.Running.class));
            // They are its own now: it heals them.
            ProcessHandle.of(before.iterator().next()).ifPresent(ProcessHandle::destroyForcibly);
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(restarts(plane)).containsValue(1));
            assertThat(plane.await(web("1"), Deployment.COMPLETE, LONG)).isPresent();
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(sleeping()).hasSize(3));
        }
        assertThat(sleeping()).as("after a plane that was closed").isEmpty();
    }

    @Test
    void withoutAdoptNothingSurvives() throws Exception {
        OtherPlane.begin(OtherPlane.Main.class, "-", "WEB", mark).ready().close();
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(processes()).isEmpty());
    }

    @Test
    void whatHasEndedMeanwhileIsStartedAgainAndCounted() throws Exception {
        killed(Workload.WEB);
        Set<Long> before = sleeping(3);
        List<Long> all = List.copyOf(before);
        ProcessHandle first = init(all.get(0));
        ProcessHandle.of(all.get(0)).ifPresent(ProcessHandle::destroyForcibly); // the program: its init tells how
        ProcessHandle second = init(all.get(1));
        second.destroyForcibly(); // nobody can tell
        Awaitility.await().atMost(LONG).until(() -> hasEnded(first) && hasEnded(second));
        sleeping(1);
        try (ControlPlane plane = next(LONG)) {
            plane.apply(web("1"));
            assertThat(plane.await(web("1"), Deployment.COMPLETE, LONG)).isPresent();
            assertThat(restarts(plane).values()).containsExactlyInAnyOrder(0, 1, 1);
            assertThat(plane.list(Pod.KIND).stream()
                            .map(pod -> pod.status().containers().get(0))
                            .flatMap(container -> container.lastState().stream())
                            .map(end -> end.reason() + " " + end.exitCode()))
                    .containsExactlyInAnyOrder("Error 137", "ContainerStatusUnknown 137");
            assertThat(sleeping()).hasSize(3).contains(all.get(2));
        }
    }

    /** By the spec that it had when its JVM was killed, and not by the one that it was started with. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void whatWasChangedWhileItRanIsTakenOverByThat(String version) throws Exception {
        assumeMemory();
        killed(Workload.CHANGING);
        Set<Long> before = sleeping(2);
        try (ControlPlane plane = next(LONG)) {
            Declared<?, ?> pod = Workload.CHANGING.of(mark, version);
            plane.apply(pod);
            assertThat(plane.await(Pod.KIND, "changing", Pod::ready, LONG)).isPresent();
            boolean kept = version.equals("2");
            assertThat(sleeping(2).equals(before)).isEqualTo(kept);
            assertThat(restarts(plane)).containsEntry("changing", kept ? 1 : 0);
        }
    }

    private static ProcessHandle init(long program) {
        return ProcessHandle.of(program).flatMap(ProcessHandle::parent).orElseThrow();
    }

    /** Whether nobody would take it for one that runs; it may wait to be reaped by whoever does that here. */
    private static boolean hasEnded(ProcessHandle process) throws IOException {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException gone) {
            return true;
        }
    }

    @Test
    void aJobThatHasSucceededMeanwhileIsNotRunAgain() throws Exception {
        killed(Workload.JOB);
        sleeping(1); // which its shell starts when it heeds the signal
        processes().forEach((pid, line) -> {
            if (line.contains("sh -c")) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
            }
        });
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(processes()).isEmpty());
        Job job = (Job) Workload.JOB.of(mark, "1");
        try (ControlPlane plane = next(LONG)) {
            plane.apply(job);
            assertThat(plane.await(job, Job.COMPLETE, LONG)).isPresent();
            assertThat(plane.events()).extracting(Event::reason).doesNotContain("Started");
        }
    }

    @Test
    void limitsOutputAndCommandsGoOn() throws Exception {
        assumeMemory();
        killed(Workload.TALKING);
        Set<Long> before = sleeping(1);
        Declared<?, ?> talking = Workload.TALKING.of(mark, "1");
        String group = group(before.iterator().next());
        assertThat(group).contains("talking-");
        try (ControlPlane plane = next(LONG)) {
            Cgroups.detect().sweep();
            plane.apply(talking);
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(plane.list(Pod.KIND)).anyMatch(Pod::ready));
            assertThat(sleeping()).isEqualTo(before);
            String pod = plane.list(Pod.KIND).get(0).name();
            assertThat(plane.list(Pod.KIND).get(0).status().containers().get(0).ports())
                    .containsKey("http");
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(lines(plane, pod)).hasSizeGreaterThan(5));
            List<String> lines = lines(plane, pod);
            int first = number(lines.get(0));
            assertThat(lines)
                    .as("each of them once")
                    .extracting(SurvivingPodsTest::number)
                    .containsExactlyElementsOf(java.util.stream.IntStream.range(first, first + lines.size())
                            .boxed()
                            .toList());
            assertThat(first)
                    .as("those that the other plane has read are not told again")
                    .isGreaterThan(1);
            Process command = plane.exec(pod, "main", "sh", "-c", "echo $HOSTNAME $PPID; cat /proc/self/cgroup");
            String said = new String(command.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(said)
                    .startsWith(pod + " ")
                    .as("its group is the root of its namespace")
                    .doesNotContain("..");
            assertThat(command.waitFor()).isZero();
        }
        assertThat(Path.of("/sys/fs/cgroup" + group)).doesNotExist();
    }

    private static List<String> lines(ControlPlane plane, String pod) {
        return plane.logs(pod, "main", LogQuery.all()).stream()
                .map(LogLine::text)
                .toList();
    }

    private static int number(String line) {
        assertThat(line).startsWith("line ");
        return Integer.parseInt(line.substring("line ".length()));
    }

    /** The one that is named after the pod. */
    private static String group(long pid) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/cgroup"))) {
            return lines.map(line -> line.substring(line.lastIndexOf(':') + 1))
                    .filter(path -> path.contains("talking-"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
