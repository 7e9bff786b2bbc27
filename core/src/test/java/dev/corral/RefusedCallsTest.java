package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.launch.Launcher;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Shim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls for which there is no other: a typed error that names the step, and nothing left. And one group without clone3. */
class RefusedCallsTest {
    private static final int WARM_UP = 8;

    @TempDir
    Path directory;

    private Launcher refusing(String error, String... calls) throws Exception {
        return refusing(error, List.of(calls));
    }

    private Launcher refusing(String error, List<String> calls, String... flags) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Launcher launcher = Launcher.at(Shim.ofLauncher(directory, error, calls, flags));
        for (int i = 0; i < WARM_UP; i++) {
            try (Child child = Start.of(Command.of("true"), launcher)) {
                child.onExit().join();
            } catch (LaunchException refused) {
                assertThat(refused.failure()).isPresent(); // what is refused may be needed for every launch
            }
        }
        return launcher;
    }

    @ParameterizedTest
    @CsvSource({
        "landlock_create_ruleset, ENOSYS, landlock.rules",
        "landlock_create_ruleset, EPERM, landlock.rules",
        "landlock_create_ruleset, EOPNOTSUPP, landlock.rules",
        "landlock_add_rule, ENOSYS, landlock.rules",
        "landlock_restrict_self, ENOSYS, landlock",
        "landlock_restrict_self, EPERM, landlock",
        "seccomp, ENOSYS, seccomp",
        "seccomp, EPERM, seccomp"
    })
    void aPrivilegeThatCanNotBeGivenUpEndsTheLaunch(String call, String error, String step) throws Exception {
        Launcher launcher = refusing(error, call);
        Command command = Command.of("true")
                .with(launch ->
                        launch.landlock(1, 0, 0, List.of(new Launch.LandlockPath(Path.of("/usr"), 1)), List.of()))
                .with(launch -> launch.seccomp(new byte[] {6, 0, 0, 0, 0, 0, (byte) 0xff, 0x7f}));
        Leftovers before = Leftovers.before();
        PrivilegeFailed refused = catchThrowableOfType(PrivilegeFailed.class, () -> Start.of(command, launcher));
        before.assertNothingIsLeft();
        assertThat(refused.failure().orElseThrow().step()).isEqualTo(step);
        assertThat(refused.failure().orElseThrow().errnoName()).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource({
        "mount, EPERM, MountFailed, mounts.propagation",
        "pivot_root, EPERM, MountFailed, pivot",
        "unshare, EPERM, NamespaceDenied, clone",
        "setns, EPERM, NamespaceDenied, clone",
        "ioctl sendto, EPERM, SetUpFailed, net.lo",
        "sethostname, EPERM, SetUpFailed, host.name",
        "keyctl, EDQUOT, SetUpFailed, keyring",
        "keyctl, ENOSYS, SetUpFailed, keyring",
        "prctl, ENOSYS, SetUpFailed, dumpable.off"
    })
    void aStepThatIsRefusedIsNamed(String call, String error, String type, String step) throws Exception {
        Launcher launcher = refusing(error, call.split(" ", -1));
        assertRefused(
                launcher,
                Command.of("true")
                        .with(Namespacing.all())
                        .with(launch -> launch.newKeyring().root().empty()),
                type,
                step);
    }

    @Test
    void offsetsOfClocksThatAreRefusedAreNamed() throws Exception {
        Command command =
                Command.of("true").with(Namespacing.user()).with(launch -> launch.namespaces(List.of("pid", "time")));
        assertRefused(refusing("EPERM", "unshare"), command, "NamespaceDenied", "time.offsets");
    }

    private static void assertRefused(Launcher launcher, Command command, String type, String step) {
        Leftovers before = Leftovers.before();
        LaunchException refused = catchThrowableOfType(LaunchException.class, () -> Start.of(command, launcher));
        before.assertNothingIsLeft();
        assertThat(refused.getClass().getSimpleName()).isEqualTo(type);
        assertThat(refused.failure().orElseThrow().step()).isEqualTo(step);
    }

    /** Both ways to a new process: nothing stands in for them. */
    @Test
    void withoutAnyCloneThereIsNoProcess() throws Exception {
        Launcher launcher = refusing("EPERM", "clone3", "clone");
        Leftovers before = Leftovers.before();
        LaunchException refused =
                catchThrowableOfType(LaunchException.class, () -> Start.of(Command.of("true"), launcher));
        before.assertNothingIsLeft();
        assertThat(refused.failure().orElseThrow().step()).isEqualTo("clone");
    }

    @ParameterizedTest
    @CsvSource({"ENOSYS", "EPERM", "EINVAL", "E2BIG"})
    void aGroupIsJoinedWithoutCloneThreeToo(String error) throws Exception {
        Optional<Path> tree = tree();
        assumeThat(tree).as("needs a cgroup2 tree that it may write to").isPresent();
        Launcher launcher = refusing(error, "clone3");
        Path group = Files.createDirectory(tree.orElseThrow()
                .resolve("corral-faults-" + ProcessHandle.current().pid()));
        try {
            Command command = Command.of("cat", "/proc/self/cgroup").with(launch -> launch.cgroupV2(group));
            Start.of(command, launcher).close(); // without a group some of these codes are errors
            Leftovers before = Leftovers.before();
            try (Child child = Start.of(command, launcher)) {
                assertThat(new String(child.getInputStream().readAllBytes(), UTF_8))
                        .contains("0::")
                        .contains("/" + group.getFileName());
                child.await();
            }
            before.assertNothingIsLeft();
        } finally {
            Files.delete(group);
        }
    }

    @Test
    void theLoopbackDeviceComesUpByNetlinkToo() throws Exception {
        Namespacing.assumeHas(Feature.NET_NAMESPACE);
        Launcher launcher = refusing("EPERM", List.of("ioctl"), "-DONLY_WITH=0x10"); // SIOCSIFFLAGS, not SIOCGSKNS
        for (Confinement tree : List.<Confinement>of(
                launch -> {}, launch -> launch.root().bind(Path.of("/usr"), Path.of("/usr"), Set.of()))) {
            Command command = Command.of("cat", "/proc/net/fib_trie")
                    .with(Namespacing.all())
                    .with(tree);
            Leftovers before = Leftovers.before();
            try (Child child = Start.of(command, launcher)) {
                assertThat(Outputs.of(child)).contains("127.0.0.1");
            }
            before.assertNothingIsLeft();
        }
    }

    /** Before Linux 5.8 setns takes no pidfd. */
    @Test
    void namespacesOfAProcessAreJoinedOneByOneToo() throws Exception {
        Launcher launcher = refusing("EINVAL", List.of("setns"), "-DMORE_THAN=0x40000000"); // CLONE_NEWNET and others
        Confinement clock = launch -> launch.namespaces(List.of("time"));
        try (Child host = Command.of("cat").with(Namespacing.all()).with(clock).start()) {
            long pid = host.payloadPid();
            Confinement join = launch -> launch.join(Launch.NAMESPACES, pid);
            Leftovers before = Leftovers.before();
            try (Child guest = Start.of(Command.of("cat").with(join), launcher)) {
                for (String kind : Launch.NAMESPACES) {
                    assertThat(Files.readSymbolicLink(Path.of("/proc/" + guest.payloadPid() + "/ns", kind)))
                            .as(kind)
                            .isEqualTo(Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns", kind)));
                }
            }
            before.assertNothingIsLeft();
        }
    }

    private static Optional<Path> tree() {
        return Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
                .map(Path::of)
                .filter(path -> Files.exists(path.resolve("cgroup.controllers")) && Files.isWritable(path))
                .findFirst();
    }
}
