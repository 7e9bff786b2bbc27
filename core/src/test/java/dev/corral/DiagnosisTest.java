package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.internal.launch.LaunchBroken;
import dev.corral.internal.launch.LaunchBroken.How;
import dev.corral.internal.launch.Stage;
import dev.corral.internal.launch.Step;
import dev.corral.internal.launch.StepFailed;
import dev.corral.internal.linux.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sentences for codes that this host doesn't give: the code and what the host tells about itself are made up. */
class DiagnosisTest {
    @TempDir
    Path proc;

    @BeforeEach
    void aHostThatForbidsNothing() throws Exception {
        Files.createDirectories(proc.resolve("self"));
        Files.createDirectories(proc.resolve("sys/kernel"));
        Files.createDirectories(proc.resolve("sys/user"));
        Files.writeString(proc.resolve("self/status"), "Name:\tjava\nSeccomp:\t0\n");
    }

    private static Launch launch() {
        return new Launch(Command.of("true"));
    }

    private static Launch isolated() {
        return launch().namespaces(List.of("user", "net"));
    }

    /** The kernel tells a number at once or not at all: who asks for the rest gets none, and had but the first digit. */
    @Test
    void aSettingOfThisHostIsReadWhole() throws Exception {
        for (String name : List.of("kernel/cap_last_cap", "kernel/pid_max", "kernel/osrelease")) {
            assertThat(Clues.ofThisHost().setting(name))
                    .isEqualTo(Files.readAllLines(Path.of("/proc/sys", name)).get(0));
        }
        assertThat(Clues.ofThisHost().setting("kernel/no_such_setting")).isEmpty();
    }

    private LaunchException of(Launch launch, Step step, int errno) {
        return LaunchErrors.of(launch, new StepFailed(step, Stage.STAGE0, errno, 0, ""), new Clues(proc));
    }

    @Test
    void aProfileAroundTheJvm() throws Exception {
        Files.writeString(proc.resolve("self/status"), "Name:\tjava\nSeccomp:\t2\n");
        assertThat(of(isolated(), Step.CLONE, Errno.EPERM))
                .isInstanceOf(NamespaceDenied.class)
                .hasMessage(
                        "can't start true: clone: EPERM on new namespaces [user, net]: a seccomp profile around this"
                                + " JVM forbids namespaces: have the outer container allow clone, unshare, setns and mount, or do"
                                + " without namespaces");
    }

    @Test
    void aHostThatForbidsUserNamespaces() throws Exception {
        Files.writeString(proc.resolve("sys/kernel/unprivileged_userns_clone"), "0\n");
        assertThat(of(isolated(), Step.CLONE, Errno.EPERM))
                .isInstanceOf(NamespaceDenied.class)
                .hasMessageEndingWith("this host forbids unprivileged user namespaces"
                        + " (kernel.unprivileged_userns_clone=0): set it to 1, or run the JVM as root");
    }

    @Test
    void aChrootOrASecurityModule() {
        assertThat(of(isolated(), Step.CLONE, Errno.EPERM))
                .isInstanceOf(NamespaceDenied.class)
                .hasMessageEndingWith(
                        "no user namespace can be made from a chroot, or where a security module forbids it:"
                                + " start the JVM outside of it");
    }

    @Test
    void aLimitOfNamespacesIsNamedWhereItIsZero() throws Exception {
        Files.writeString(proc.resolve("sys/user/max_user_namespaces"), "1000\n");
        Files.writeString(proc.resolve("sys/user/max_net_namespaces"), "7\n");
        assertThat(of(isolated(), Step.CLONE, Errno.ENOSPC))
                .hasMessageContaining("(user.max_user_namespaces=1000, user.max_net_namespaces=7, or that of an outer");
        Files.writeString(proc.resolve("sys/user/max_net_namespaces"), "0\n");
        assertThat(of(isolated(), Step.CLONE, Errno.ENOSPC))
                .isInstanceOf(NamespaceDenied.class)
                .hasMessageContaining("a limit of namespaces is reached (user.max_net_namespaces=0, or that of an outer"
                        + " user namespace): raise it");
    }

    @Test
    void appArmorRestrictsUserNamespaces() throws Exception {
        Files.writeString(proc.resolve("sys/kernel/apparmor_restrict_unprivileged_userns"), "1\n");
        for (int errno : new int[] {Errno.EPERM, Errno.EACCES}) {
            assertThat(of(isolated(), Step.IDMAP, errno))
                    .isInstanceOf(IdMapDenied.class)
                    .hasMessageEndingWith("AppArmor restricts user namespaces"
                            + " (kernel.apparmor_restrict_unprivileged_userns=1): install a profile for the launcher and"
                            + " point corral.launcher.path at it");
        }
        assertThat(of(isolated(), Step.CLONE, Errno.EPERM))
                .isInstanceOf(NamespaceDenied.class)
                .hasMessageContaining("install a profile for the launcher");
        Files.writeString(proc.resolve("sys/kernel/apparmor_restrict_unprivileged_userns"), "0\n");
        assertThat(of(isolated(), Step.IDMAP, Errno.EPERM)).hasMessageContaining("these ids may not be mapped by uid ");
    }

    @Test
    void aFlagThatAnOuterMountLocks() throws Exception {
        Files.writeString(proc.resolve("self/mountinfo"), """
                21 1 254:0 / / rw,relatime - ext4 /dev/root rw
                40 21 0:30 / /data ro,nosuid,nodev,noexec - tmpfs tmpfs ro
                """);
        Launch launch = launch().namespaces(List.of("user", "mnt"));
        launch.root().bind(Path.of("/data/set"), Path.of("/mnt"), Set.of());
        assertThat(of(launch, Step.MOUNT, Errno.EPERM))
                .isInstanceOf(MountFailed.class)
                .hasMessageEndingWith(
                        "EPERM on bind /mnt: a seccomp profile or a security module forbids it, or it would"
                                + " change a flag that is locked by an outer user namespace: those of /data are"
                                + " ro,nosuid,nodev,noexec");
    }

    @Test
    void whatTheKernelHasNoRoomFor() {
        assertThat(of(launch(), Step.KEYRING, Errno.EDQUOT))
                .isInstanceOf(SetUpFailed.class)
                .hasMessageContaining("as many keys as allowed (kernel.keys.maxkeys");
        assertThat(of(launch(), Step.KEYRING, Errno.ENOSYS)).hasMessageContaining("the kernel has no keyrings");
        assertThat(of(launch(), Step.CLONE, Errno.ENOMEM))
                .isInstanceOf(SetUpFailed.class)
                .hasMessageEndingWith("the kernel has no memory for it");
    }

    @Test
    void aGroupThatWasRemovedMeanwhile() {
        Launch launch = launch().cgroupV1(Path.of("/sys/fs/cgroup/memory/g"));
        for (int errno : new int[] {Errno.ENOENT, Errno.ENODEV}) {
            assertThat(of(launch, Step.CGROUP_JOIN, errno))
                    .isInstanceOf(CgroupJoinFailed.class)
                    .hasMessageEndingWith("on /sys/fs/cgroup/memory/g: the group has been removed: make it again");
        }
    }

    @Test
    void landlockThatIsNotThereOrSwitchedOff() {
        assertThat(of(launch(), Step.LANDLOCK_RULES, Errno.ENOSYS))
                .isInstanceOf(PrivilegeFailed.class)
                .hasMessageContaining("the kernel has no Landlock (Linux 5.13, CONFIG_SECURITY_LANDLOCK)");
        assertThat(of(launch(), Step.LANDLOCK_RULES, Errno.EOPNOTSUPP))
                .isInstanceOf(PrivilegeFailed.class)
                .hasMessageContaining("Landlock is switched off at boot (lsm= on the kernel's command line)");
    }

    @Test
    void aBirthInAGroupToWhichNothingMayBeMovedFromHere(@TempDir Path group) {
        for (Step step : List.of(Step.CLONE, Step.CGROUP_JOIN)) {
            assertThat(of(launch().cgroupV2(group), step, Errno.EACCES))
                    .isInstanceOf(CgroupJoinFailed.class)
                    .hasMessageContaining(
                            "may not write cgroup.procs of the group, or of the nearest group above both it");
        }
    }

    /** The kernel of cgroup version 2 tells it in another file. */
    @Test
    void aSetUpThatAGroupOfVersionTwoHasKilled(@TempDir Path group) throws Exception {
        Files.writeString(group.resolve("memory.events"), "max 9\noom 1\noom_kill 0\n");
        Files.writeString(group.resolve("memory.max"), "65536\n");
        Launch launch = launch().cgroupV2(group);
        LaunchBroken killed = new LaunchBroken(How.DIED, "clone", 9);
        assertThat(LaunchErrors.of(launch, killed))
                .hasMessage("can't start true: the set-up was killed by SIGKILL after clone");
        Files.writeString(group.resolve("memory.events"), "max 9\noom 1\noom_kill 1\n");
        assertThat(LaunchErrors.of(launch, killed))
                .isInstanceOf(SetUpFailed.class)
                .hasMessage(
                        "can't start true: the set-up was killed by SIGKILL after clone: the memory limit is too low to"
                                + " start anything: memory.max of " + group + " is 65536 bytes; raise it");
    }
}
