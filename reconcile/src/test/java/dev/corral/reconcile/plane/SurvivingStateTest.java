package dev.corral.reconcile.plane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.cgroups.Cgroups;
import dev.corral.reconcile.Declared;
import dev.corral.reconcile.plane.OtherPlane.Workload;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.ContainerStatus;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is known of a container goes on with it, whichever plane has seen it. */
class SurvivingStateTest extends KilledPlane {
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

    @ParameterizedTest(name = "a plane was there: {0}")
    @ValueSource(booleans = {true, false})
    void itsLastWordsAreHeardAndRestartsCountOn(boolean seen) throws Exception {
        killed(Workload.TELLING);
        sleeping(1);
        if (!seen) {
            touch("go");
            Awaitility.await()
                    .atMost(LONG)
                    .untilAsserted(() -> assertThat(processes()).isEmpty());
        }
        try (ControlPlane plane = next(LONG)) {
            plane.apply(Workload.TELLING.of(mark, "1"));
            if (seen) {
                Awaitility.await()
                        .atMost(LONG)
                        .untilAsserted(() -> assertThat(plane.list(Pod.KIND)).anyMatch(Pod::ready));
                touch("go");
            }
            PodStatus pod = plane.await(
                            Pod.KIND, "telling", it -> it.status().phase().terminal(), LONG)
                    .orElseThrow()
                    .status();
            assertThat(pod.reason()).as("two restarts").isEqualTo(PodStatus.RESTART_LIMIT_EXCEEDED);
            assertThat(main(plane).lastState())
                    .as("before")
                    .map(ContainerState.Terminated::message)
                    .contains("no quorum\n");
            assertThat(main(plane).state())
                    .asInstanceOf(InstanceOfAssertFactories.type(ContainerState.Terminated.class))
                    .returns(4, ContainerState.Terminated::exitCode)
                    .returns("no disk\n", ContainerState.Terminated::message);
        }
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
}
