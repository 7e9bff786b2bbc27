package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.cgroups.Availability;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.node.StateInUse;
import dev.corral.reconcile.node.StateUnusable;
import dev.corral.reconcile.plane.OtherPlane.Workload;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Job;
import dev.corral.reconcile.workload.LogLine;
import dev.corral.reconcile.workload.LogQuery;
import dev.corral.reconcile.workload.PersistentVolumeClaim;
import dev.corral.reconcile.workload.PersistentVolumeClaimSpec;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assumptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of pods whose JVM is killed, and that were to outlive it. */
@Timeout(180)
class SurvivingPodsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path state;

    /** A time to sleep that nobody else sleeps. */
    private final String mark = "7" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);

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
    private Map<Long, String> processes() {
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

    private Set<Long> sleeping() {
        return processes().entrySet().stream()
                .filter(process -> process.getValue().matches(".*sleep " + mark + "1?"))
                .filter(process -> !process.getValue().contains("sh "))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** So many programs; those that a shell becomes, or starts, are there a moment after their container runs. */
    private Set<Long> sleeping(int programs) {
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(sleeping()).hasSize(programs));
        return sleeping();
    }

    private void killed(Workload workload) throws Exception {
        OtherPlane.begin(OtherPlane.Main.class, state.toString(), workload.name(), mark)
                .ready()
                .close();
    }

    private ControlPlane next(Duration patience) {
        return ControlPlane.local().adopt(state, patience).start();
    }

    private Deployment web(String version) {
        return (Deployment) Workload.WEB.of(mark, version);
    }

    private static Map<String, Integer> restarts(ControlPlane plane) {
        Map<String, Integer> all = new TreeMap<>();
        plane.list(Pod.KIND)
                .forEach(pod -> all.put(
                        pod.name(),
                        pod.status().containers().stream()
                                .mapToInt(ContainerStatus::restartCount)
                                .sum()));
        return all;
    }

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
    void whatIsOfAnotherTemplateIsRolled() throws Exception {
        killed(Workload.WEB);
        Set<Long> before = sleeping(3);
        try (ControlPlane plane = next(Duration.ofSeconds(1))) {
            plane.apply(web("2"));
            assertThat(plane.await(web("2"), Deployment.COMPLETE, LONG)).isPresent();
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(sleeping()).hasSize(3).doesNotContainAnyElementsOf(before));
            assertThat(plane.events()).extracting(Event::reason).contains("Unwanted");
        }
    }

    @Test
    void ofAnotherSpecUnderTheSameNameTheOldOneEndsBeforeTheNewOneStarts() throws Exception {
        killed(Workload.JOB);
        Map<Long, String> before = processes();
        Pod pod = Pod.named("job-0").container(c -> c.command("sleep", mark));
        try (ControlPlane plane = next(LONG)) {
            plane.apply(pod);
            assertThat(plane.await(pod, Pod::ready, LONG)).isPresent();
            assertThat(processes().keySet()).doesNotContainAnyElementsOf(before.keySet());
            assertThat(restarts(plane)).containsEntry("job-0", 0);
        }
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
    void aSecondPlaneIsRefused() throws Exception {
        try (OtherPlane other = OtherPlane.begin(OtherPlane.Main.class, state.toString(), "WEB", mark)) {
            other.ready();
            assertThatThrownBy(() -> next(LONG))
                    .isInstanceOf(StateInUse.class)
                    .hasMessageContaining(state.toString())
                    .hasMessageContaining("close that one first");
        }
        try (ControlPlane plane = next(Duration.ZERO)) {
            assertThatThrownBy(() -> next(LONG)).isInstanceOf(StateInUse.class);
            assertThat(plane.list(Pod.KIND)).isEmpty();
        }
        try (ControlPlane again = next(LONG)) {
            assertThat(Files.getPosixFilePermissions(state)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            assertThat(again.list(Pod.KIND)).isEmpty();
        }
    }

    @Test
    void whatCanNotBeReadIsNotPassedOver() throws Exception {
        Path place = Files.createDirectories(state.resolve("pods/default/web-0/main"));
        Files.writeString(place.resolve("run"), "format=1\npod=web-0\n");
        assertThatThrownBy(() -> next(LONG))
                .isInstanceOf(StateUnusable.class)
                .hasMessageContaining(place.resolve("run") + ": it can't be read: it has no ")
                .hasMessageContaining("may still run");
        Files.delete(place.resolve("run"));
        next(LONG).close();
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
            assertThat(sleeping().stream().map(SurvivingPodsTest::shared))
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

    @Test
    void aHookThatWasCutOffIsDoneAgainAndOneThatWasDoneIsNot() throws Exception {
        killed(Workload.HOOKED);
        Set<Long> before = sleeping(1);
        Declared<?, ?> hooked = Workload.HOOKED.of(mark, "1");
        try (OtherPlane second = OtherPlane.begin(OtherPlane.Main.class, state.toString(), "HOOKED", mark)) {
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(hooks()).containsExactly("begun", "begun"));
            touch("go");
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(notes()).contains("started-0"));
            second.ready();
        }
        try (ControlPlane plane = next(LONG)) {
            plane.apply(hooked);
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(plane.list(Pod.KIND)).anyMatch(Pod::ready));
            assertThat(hooks()).containsExactly("begun", "begun", "done");
            assertThat(sleeping()).isEqualTo(before);
        }
    }

    private List<String> hooks() throws IOException {
        return Files.readAllLines(pod().resolve(".volumes/work/hooks"));
    }

    private List<String> notes() throws IOException {
        try (Stream<Path> files = Files.list(pod().resolve("main"))) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }

    /** The directory of the only pod. */
    private Path pod() throws IOException {
        try (Stream<Path> pods = Files.list(state.resolve("pods/default"))) {
            return pods.findFirst().orElseThrow();
        }
    }

    @Test
    void whatWasBeingEndedIsEndedAndBeginsAnew() throws Exception {
        killed(Workload.LEAVING);
        Set<Long> before = processes().keySet();
        assertThat(before).isNotEmpty();
        Pod pod = (Pod) Workload.LEAVING.of(mark, "1");
        try (ControlPlane plane = next(LONG)) {
            plane.apply(pod);
            assertThat(plane.await(pod, Pod::ready, LONG)).isPresent();
            assertThat(processes().keySet()).isNotEmpty().doesNotContainAnyElementsOf(before);
            assertThat(main(plane).lastState()).isEmpty();
            assertThat(restarts(plane)).containsEntry("leaving", 0);
            assertThat(plane.events()).extracting(Event::reason).doesNotContain("TakenOver");
        }
    }

    @Test
    void theVolumeTheLastStateAndTheBackOffGoOn() throws Exception {
        assumeMemory();
        killed(Workload.CRASHING);
        Set<Long> before = sleeping(1);
        try (ControlPlane plane = next(LONG)) {
            plane.apply(Workload.CRASHING.of(mark, "1"));
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(plane.list(Pod.KIND)).anyMatch(Pod::ready));
            assertThat(sleeping()).isEqualTo(before);
            ContainerStatus status = main(plane);
            assertThat(status.restartCount()).isEqualTo(1);
            assertThat(status.lastState())
                    .hasValueSatisfying(end -> assertThat(end.exitCode()).isEqualTo(3));
            assertThat(status.backOff())
                    .hasValueSatisfying(backOff -> assertThat(backOff.delay()).isEqualTo(Duration.ofSeconds(10)));
            String pod = plane.list(Pod.KIND).get(0).name();
            assertThat(plane.exec(pod, "main", "test", "-e", "/scratch/tried").waitFor())
                    .isZero();
            ProcessHandle.of(before.iterator().next()).ifPresent(ProcessHandle::destroyForcibly);
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(main(plane).state().reason()).isEqualTo(ContainerState.CRASH_LOOP_BACK_OFF));
            assertThat(main(plane).restartCount()).isEqualTo(1);
        }
        assertThat(state.resolve("pods/default")).isEmptyDirectory();
    }

    private static ContainerStatus main(ControlPlane plane) {
        return plane.list(Pod.KIND).get(0).status().containers().get(0);
    }

    @Test
    void anEndForWantOfMemoryIsToldWhoeverWasThere() throws Exception {
        assumeMemory();
        killed(Workload.HUNGRY);
        feed();
        Awaitility.await()
                .atMost(LONG)
                .untilAsserted(() -> assertThat(processes()).isEmpty());
        Cgroups.detect().sweep(); // as any other JVM does, at any time
        killed(Workload.HUNGRY); // this one finds it, starts it again, and is killed too
        try (ControlPlane plane = next(LONG)) {
            plane.apply(Workload.HUNGRY.of(mark, "1"));
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(plane.list(Pod.KIND)).anyMatch(Pod::ready));
            assertThat(main(plane).lastState().orElseThrow())
                    .as("nobody was there")
                    .returns(ContainerState.OOM_KILLED, ContainerState.Terminated::reason)
                    .satisfies(end -> assertThat(end.message()).contains("out of memory (limit 32 MiB)"));
            feed();
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(main(plane).state().reason()).isEqualTo(ContainerState.CRASH_LOOP_BACK_OFF));
            assertThat(main(plane).lastState().orElseThrow())
                    .as("it was taken over")
                    .returns(ContainerState.OOM_KILLED, ContainerState.Terminated::reason);
        }
    }

    /** Has the program go on to take memory. */
    private void feed() throws IOException {
        touch("go");
    }

    private void touch(String file) throws IOException {
        Files.createFile(pod().resolve(".volumes/work").resolve(file));
    }

    private static void assumeMemory() {
        Availability memory = Cgroups.detect().availability(Controller.MEMORY);
        Assumptions.assumeThat(memory.ok()).as(memory.describe()).isTrue();
    }

    @Test
    void whatNobodyWantsEndsWhileTheOthersDo() throws Exception {
        killed(Workload.DEAF);
        sleeping(1);
        long begun;
        try (ControlPlane plane = next(LONG)) {
            Deployment other = ((Deployment) Workload.DEAF.of(mark, "1")).container(c -> c.env("OTHER", "template"));
            plane.apply(other);
            assertThat(plane.await(other, Deployment.COMPLETE, LONG)).isPresent();
            // It is complete as soon as its shell runs, which begins to sleep a moment later.
            sleeping(2);
            begun = System.nanoTime();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .as("one grace, not two")
                .isBetween(OtherPlane.GRACE_OF_THE_DEAF, OtherPlane.GRACE_OF_THE_DEAF.multipliedBy(2));
    }

    @Test
    void aVolumeOfAPodThatNeverStartedIsRemovedByTheNextPlane() throws Exception {
        Path left = Files.createDirectories(state.resolve("pods/default/web-0/.volumes/work"));
        Files.writeString(left.resolve("file"), "x");
        try (ControlPlane plane = next(LONG)) {
            assertThat(plane.list(Pod.KIND)).isEmpty();
            assertThat(state.resolve("pods/default/web-0")).doesNotExist();
        }
    }

    @Test
    void whatWouldEndWithTheJvmIsRefused() throws Exception {
        Pod pod = Pod.named("scratch")
                .spec(spec -> spec.shareProcessNamespace(true)
                        .volume(Volume.claim("work", "claimed"))
                        .container("main", c -> c.command("sleep", mark).mount("work", "/scratch")));
        try (ControlPlane plane = next(LONG)) {
            plane.store()
                    .apply(new PersistentVolumeClaim(
                            "claimed", Map.of(), new PersistentVolumeClaimSpec(Optional.empty())))
                    .orThrow();
            plane.apply(pod);
            assertThat(plane.await(pod, one -> startError(one.status()), LONG)).isPresent();
            assertThat(plane.events())
                    .anyMatch(event -> event.message().contains("can't outlive the JVM, as adopt asks for")
                            && event.message().contains("writes down how it ends: leave out shareProcessNamespace")
                            && event.message().contains("name one by claims(directory)"));
        }
    }

    private static boolean startError(PodStatus status) {
        return status.containers().stream()
                .flatMap(container -> container.lastState().stream())
                .anyMatch(end -> end.reason().equals(ContainerState.START_ERROR));
    }
}
