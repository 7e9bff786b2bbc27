package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.launch.LaunchBroken;
import dev.corral.internal.launch.LaunchBroken.How;
import dev.corral.internal.launch.Stage;
import dev.corral.internal.launch.Step;
import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What kinds of exceptions and sentences come out of steps and codes, also of those this host does not give. */
class LaunchErrorsTest {
    private static Launch launch() {
        return new Launch(Command.of("true"));
    }

    private static LaunchException of(Launch launch, Step step, int errno) {
        return LaunchErrors.of(launch, new StepFailed(step, Stage.STAGE0, errno, 0, "detail"));
    }

    @ParameterizedTest
    @EnumSource
    void everyStepHasAnExceptionThatNamesIt(Step step) {
        Launch launch = launch().namespaces(List.of("pid")).cgroupV1(Path.of("/group"));
        LaunchException exception = of(launch, step, Errno.EINVAL);
        assertThat(exception).hasMessageStartingWith("can't start true: " + step.text() + ": EINVAL");
        assertThat(exception.failure().orElseThrow().step()).isEqualTo(step.text());
        assertThat(exception.failure().orElseThrow().errno()).isEqualTo(22);
    }

    @Test
    void aCloneIsRefusedByItsGroupItsNamespacesOrForLackOfSomething() {
        Launch grouped = launch().namespaces(List.of("pid")).cgroupV2(Path.of("/sys/fs/cgroup/g"));
        assertThat(of(grouped, Step.CLONE, Errno.EACCES))
                .isInstanceOf(CgroupJoinFailed.class)
                .hasMessageContaining("EACCES on group /sys/fs/cgroup/g: uid ")
                .hasMessageContaining("or of the nearest group above both it and this JVM");
        for (int errno : new int[] {Errno.EBUSY, Errno.ENODEV, Errno.EOPNOTSUPP}) {
            assertThat(of(grouped, Step.CLONE, errno))
                    .isInstanceOf(CgroupJoinFailed.class)
                    .hasMessageContaining(" on group /sys/fs/cgroup/g: the group ");
        }
        assertThat(of(grouped, Step.CLONE, Errno.EINVAL)).isInstanceOf(NamespaceDenied.class);
        assertThat(of(launch().namespaces(List.of("pid")), Step.CLONE, Errno.ENOSPC))
                .isInstanceOf(NamespaceDenied.class)
                .hasMessageMatching("(?s).*ENOSPC on new namespaces \\[pid]: a limit of namespaces is reached "
                        + "\\(user.max_pid_namespaces=[0-9]+, or that of an outer user namespace\\): raise it; they nest 32 deep at"
                        + " most");
        assertThat(of(launch().namespaces(List.of("pid")), Step.CLONE, Errno.EAGAIN))
                .isInstanceOf(SetUpFailed.class)
                .hasMessageContaining("pids.max of the group or RLIMIT_NPROC");
        assertThat(of(launch(), Step.CLONE, Errno.EPERM))
                .isInstanceOf(SetUpFailed.class)
                .hasMessageContaining("on a new process");
    }

    @Test
    void aGroupThatCanNotBeJoinedIsNamed() {
        Launch launch = launch().cgroupV1(Path.of("/sys/fs/cgroup/memory/g"));
        assertThat(of(launch, Step.CGROUP_JOIN, Errno.ENODEV))
                .isInstanceOf(CgroupJoinFailed.class)
                .hasMessageEndingWith("ENODEV on /sys/fs/cgroup/memory/g: the group has been removed: make it again");
    }

    @Test
    void aMaskedProcIsExplained() {
        assertThat(of(launch(), Step.PROC, Errno.EPERM))
                .isInstanceOf(ProcMountDenied.class)
                .hasMessageContaining("an outer container hides parts of its /proc");
    }

    @Test
    void aLauncherThatIsNotUnderstoodIsAProtocolError() {
        LaunchException exception = of(launch(), Step.PLAN_CHECK, Errno.EPROTO);
        assertThat(exception).isInstanceOf(ProtocolError.class).hasMessageContaining("plan.check: EPROTO on detail");
        assertThat(exception.failure().orElseThrow().errnoName()).isEqualTo("EPROTO");
        assertThat(LaunchErrors.of(launch(), new LaunchBroken(How.GARBLED, "clone", -1)))
                .isInstanceOf(ProtocolError.class)
                .hasMessage("can't start true: what the launcher says after clone makes no sense");
    }

    @Test
    void aSetUpThatDiesTellsHow() {
        assertThat(LaunchErrors.of(launch(), new LaunchBroken(How.DIED, "clone", 127 << 8)))
                .isInstanceOf(SetUpFailed.class)
                .hasMessage("can't start true: the set-up ended by itself after clone");
        assertThat(LaunchErrors.of(launch(), new LaunchBroken(How.DIED, "execing", 9)))
                .hasMessage("can't start true: the set-up was killed by SIGKILL after execing");
    }

    @Test
    void timeOutAndCancellationAreNotTheSame() {
        assertThat(LaunchErrors.of(launch(), new LaunchBroken(How.TIMED_OUT, "execing", -1)))
                .isInstanceOf(StartTimeout.class)
                .hasMessageContaining("not started within 10 s; the last step heard of was execing");
        assertThat(LaunchErrors.of(launch(), new LaunchBroken(How.CANCELLED, "spawn", -1)))
                .isInstanceOf(LaunchCancelled.class);
    }

    @Test
    void whatTheJvmItselfLacksIsSaid() {
        assertThat(LaunchErrors.beforeSpawn(Command.of("true"), new ErrnoException("pipe2", "", Errno.EMFILE)))
                .isInstanceOf(SetUpFailed.class)
                .hasMessageContaining("pipe2: EMFILE: the JVM has as many descriptors open as its limit allows");
        assertThat(LaunchErrors.beforeSpawn(Command.of("true"), new ErrnoException("posix_spawn", "/p", Errno.EAGAIN)))
                .isInstanceOf(SetUpFailed.class)
                .hasMessageContaining("a limit of processes is reached");
        assertThat(LaunchErrors.beforeSpawn(Command.of("true"), new ErrnoException("posix_spawn", "/p", Errno.EACCES)))
                .isInstanceOf(LauncherUnavailable.class);
    }
}
