package dev.corral.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.internal.launch.LaunchPlan.Flag;
import dev.corral.internal.launch.LaunchPlan.Mount;
import dev.corral.internal.launch.LaunchPlan.MountKind;
import dev.corral.internal.launch.LaunchPlan.Text;
import dev.corral.internal.linux.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The launcher trusts nobody to have checked the plan. */
class PlanRefusedTest {
    /** Each of these would once have been done to the host. */
    static Stream<Arguments> plansThatChangeTheHost() throws Exception {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        Mount proc = mount(MountKind.PROC, "/proc");
        return Stream.of(
                Arguments.of("proc without mnt", plan("pid").mount(proc)),
                Arguments.of("proc without pid", plan("mnt").mount(proc)),
                Arguments.of("tmpfs", plan().mount(mount(MountKind.TMPFS, "/tmp"))),
                Arguments.of("directory", plan().mount(mount(MountKind.DIRECTORY, "/tmp/corral-never"))),
                Arguments.of("root", plan().flag(Flag.NEW_ROOT)),
                Arguments.of("read-only root without a new one", plan("mnt").flag(Flag.ROOT_READ_ONLY)),
                Arguments.of("host name", plan().text(Text.HOST_NAME, host)),
                Arguments.of("domain name", plan().text(Text.DOMAIN_NAME, host)),
                Arguments.of("loopback", plan().flag(Flag.LOOPBACK)),
                Arguments.of("setgroups", plan().flag(Flag.SETGROUPS_DENY)),
                Arguments.of("clocks", plan().flag(Flag.TIME)),
                Arguments.of("user map", plan().text(Text.USER_MAP, "0 0 1\n")),
                Arguments.of("group map", plan().text(Text.GROUP_MAP, "0 0 1\n")));
    }

    private static LaunchPlan plan(String... namespaces) {
        return Launches.plan(List.of(namespaces), "/bin/true");
    }

    private static Mount mount(MountKind kind, String target) {
        return new Mount(kind, 0, target, "", "", OptionalInt.empty(), 0755);
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
