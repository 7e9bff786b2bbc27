package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.internal.linux.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The launcher trusts nobody to have checked the plan. */
class PlanRefusedTest {
    /** Each of these would once have been done to the host. */
    static Stream<Arguments> plansThatChangeTheHost() throws Exception {
        Optional<String> host = Optional.of(
                Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
        Optional<String> map = Optional.of("0 0 1\n");
        return Stream.of(
                Arguments.of(
                        "proc without mnt",
                        plan(List.of("pid"), Optional.empty(), false, false, true, Optional.empty())),
                Arguments.of(
                        "proc without pid",
                        plan(List.of("mnt"), Optional.empty(), false, false, true, Optional.empty())),
                Arguments.of("host name", plan(List.of(), Optional.empty(), false, false, false, host)),
                Arguments.of("loopback", plan(List.of(), Optional.empty(), false, true, false, Optional.empty())),
                Arguments.of("setgroups", plan(List.of(), Optional.empty(), true, false, false, Optional.empty())),
                Arguments.of("id maps", plan(List.of(), map, false, false, false, Optional.empty())));
    }

    private static LaunchPlan plan(
            List<String> namespaces,
            Optional<String> map,
            boolean denySetgroups,
            boolean loopback,
            boolean newProc,
            Optional<String> hostname) {
        return new LaunchPlan(
                List.of("true"),
                List.of(),
                List.of("/bin/true"),
                namespaces,
                map,
                map,
                denySetgroups,
                loopback,
                newProc,
                hostname,
                Optional.empty());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plansThatChangeTheHost")
    void whatNeedsANamespaceIsRefusedWithoutIt(String what, LaunchPlan plan) throws Exception {
        Launcher launcher = Launcher.load();

        assertThatThrownBy(() -> Launches.start(launcher, plan, Launches.PATIENCE))
                .as(what)
                .isInstanceOfSatisfying(StepFailed.class, failed -> {
                    assertThat(failed.step()).isEqualTo(Step.PLAN_CHECK);
                    assertThat(failed.errno()).isEqualTo(Errno.EPROTO);
                });
    }

    /** The launcher once called it a broken protocol. */
    @Test
    void aCommandAboveThePlansBoundIsTooBigForTheKernelToo() throws Exception {
        Launcher launcher = Launcher.load();
        LaunchPlan plan = Launches.plan(List.of(), "/bin/true", "x".repeat(LaunchPlan.MOST_BYTES));

        assertThatThrownBy(() -> Launches.start(launcher, plan, Launches.PATIENCE))
                .isInstanceOfSatisfying(StepFailed.class, failed -> {
                    assertThat(failed.step()).isEqualTo(Step.EXEC);
                    assertThat(failed.errno()).isEqualTo(Errno.E2BIG);
                });
    }
}
