package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Scheduling.IoPriority;
import dev.corral.Scheduling.Policy;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import dev.corral.testing.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Processors, disks and the kernel's choice of whom to kill, as the kernel tells them of the program. */
class SchedulingTest {
    /** Fields of stat behind the name, counted from 0. Source: proc_pid_stat(5). */
    private static final int NICE = 16;

    private static final int POLICY = 38;

    static Stream<Confinement> withAndWithoutInit() {
        return Namespacing.noneAndAll();
    }

    private static List<String> stat(Child child) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + child.payloadPid() + "/stat"));
        return Arrays.asList(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    }

    private static PrivilegeFailed refused(Scheduling how) {
        return catchThrowableOfType(
                PrivilegeFailed.class,
                () -> Command.of("true").with(how).start().close());
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void niceValueAndPolicyAreSet(Confinement confinement) throws Exception {
        Scheduling batch = Scheduling.inherited().nice(7).policy(Policy.BATCH);
        try (Child child = Command.of("cat").with(confinement).with(batch).start()) {
            assertThat(stat(child).get(NICE)).isEqualTo("7");
            assertThat(stat(child).get(POLICY)).isEqualTo("3");
        }
        try (Child child = Command.of("cat")
                .with(confinement)
                .with(Scheduling.inherited().policy(Policy.IDLE))
                .start()) {
            assertThat(stat(child).get(POLICY)).isEqualTo("5");
        }
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void itRunsOnTheGivenProcessors(Confinement confinement) throws Exception {
        assertThat(Status.inside(confinement, Scheduling.inherited().cpus(0)).get("Cpus_allowed_list"))
                .isEqualTo("0");
        assumeThat(Status.inside().get("Cpus_allowed_list"))
                .as("needs two processors")
                .isEqualTo("0-1");
        assertThat(Status.inside(confinement, Scheduling.inherited().cpus(1)).get("Cpus_allowed_list"))
                .isEqualTo("1");
        assertThat(Status.inside(confinement, Scheduling.inherited().cpus(1, 0)).get("Cpus_allowed_list"))
                .isEqualTo("0-1");
    }

    @ParameterizedTest
    @CsvSource({"BEST_EFFORT, 7, best-effort: prio 7", "IDLE, 0, idle"})
    void theIoPriorityIsSet(IoPriority.Kind kind, int level, String told) throws Exception {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/ionice")))
                .as("needs ionice")
                .isTrue();
        Scheduling how = Scheduling.inherited().ioPriority(new IoPriority(kind, level));
        assertThat(Outputs.of(Command.of("ionice").with(how)).strip()).isEqualTo(told);
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutInit")
    void theKernelMayBeToldToKillItFirst(Confinement confinement) throws Exception {
        try (Child child = Command.of("cat")
                .with(confinement)
                .with(Scheduling.inherited().oomScoreAdj(900))
                .start()) {
            assertThat(Files.readString(Path.of("/proc/" + child.payloadPid() + "/oom_score_adj")))
                    .isEqualTo("900\n");
        }
    }

    @Test
    void beingKilledLaterTakesPrivilege() throws Exception {
        Privilege.SYS_RESOURCE.assumeNotForTheHost();
        PrivilegeFailed failed = refused(Scheduling.inherited().nice(19).oomScoreAdj(-900));
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("oom.score");
        assertThat(failed).hasMessageContaining("EACCES on oom_score_adj -900");
    }

    @Test
    void aRealTimePolicyTakesPrivilege() throws Exception {
        Scheduling realTime = Scheduling.inherited().nice(19).policy(Policy.ROUND_ROBIN);
        if (Privilege.SYS_NICE.isForTheHost()) {
            try (Child child = Command.of("cat").with(realTime).start()) {
                assertThat(stat(child).get(POLICY)).isEqualTo("2");
            } catch (PrivilegeFailed refused) {
                assumeThat(refused).as("a group without real time").hasMessageContaining("EPERM");
            }
            return;
        }
        PrivilegeFailed failed = refused(realTime);
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("sched");
        assertThat(failed).hasMessageContaining("EPERM on policy ROUND_ROBIN");
    }

    @Test
    void aLowerNiceValueTakesPrivilege() throws Exception {
        Scheduling favoured = Scheduling.inherited().nice(-5);
        if (Privilege.SYS_NICE.isForTheHost()) {
            try (Child child = Command.of("cat").with(favoured).start()) {
                assertThat(stat(child).get(NICE)).isEqualTo("-5");
            }
            return;
        }
        assertThat(refused(favoured)).hasMessageContaining("EACCES on nice -5");
    }

    @Test
    void aRealTimeIoPriorityTakesPrivilege() {
        Privilege.SYS_NICE.assumeNotForTheHost();
        Privilege.SYS_ADMIN.assumeNotForTheHost();
        PrivilegeFailed failed =
                refused(Scheduling.inherited().ioPriority(new IoPriority(IoPriority.Kind.REAL_TIME, 0)));
        assertThat(failed).hasMessageContaining("EPERM on I/O priority REAL_TIME 0");
    }

    @Test
    void processorsThatAreNotThereAreRefused() {
        PrivilegeFailed failed = refused(Scheduling.inherited().cpus(8000));
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("affinity");
        assertThat(failed).hasMessageContaining("EINVAL on processors {8000}");
    }

    @Test
    void badValuesAreRefusedWhereTheyAreGiven() {
        Scheduling none = Scheduling.inherited();
        assertThatThrownBy(() -> none.nice(20)).hasMessage("nice 20: it lies between -20 and 19");
        assertThatThrownBy(() -> none.nice(-21)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> none.oomScoreAdj(1001)).hasMessageContaining("oom_score_adj 1001");
        assertThatThrownBy(() -> none.cpus(-1)).hasMessageContaining("processor -1");
        assertThatThrownBy(() -> none.cpus(0, 8192)).hasMessageContaining("processor 8192");
        assertThatThrownBy(() -> new IoPriority(IoPriority.Kind.IDLE, 1)).hasMessageContaining("IDLE 1");
        assertThatThrownBy(() -> new IoPriority(IoPriority.Kind.BEST_EFFORT, 8))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> Command.of("true").with(none).with(none.nice(1)).start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("two confinements choose its scheduling");
    }

    @Test
    void equalOnesAreEqual() {
        Scheduling one = Scheduling.inherited().nice(1).policy(Policy.IDLE).cpus(0, 1);
        assertThat(one)
                .isEqualTo(Scheduling.inherited().cpus(1, 0).policy(Policy.IDLE).nice(1))
                .hasSameHashCodeAs(
                        Scheduling.inherited().cpus(1, 0).policy(Policy.IDLE).nice(1))
                .isNotEqualTo(one.oomScoreAdj(1))
                .hasToString("Scheduling[nice 1 IDLE cpus {0, 1}]");
    }
}
