package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.ProcessCalls;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Namespaces of others, joined by process, by file and by an open descriptor. */
class JoinTest {
    private static final List<String> ALL = List.of("user", "mnt", "pid", "net", "uts", "ipc", "cgroup");

    private static String namespace(long pid, String kind) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + kind)).toString();
    }

    private static String own(String kind) throws IOException {
        return namespace(ProcessHandle.current().pid(), kind);
    }

    private static Path file(Child child, String kind) {
        return Path.of("/proc/" + child.payloadPid() + "/ns/" + kind);
    }

    private static Child target() {
        return Command.of("cat").with(Namespacing.all()).start();
    }

    private static void assertWhere(Child guest, Child host, List<String> kinds) throws IOException {
        for (String kind : ALL) {
            assertThat(namespace(guest.payloadPid(), kind))
                    .as(kind)
                    .isEqualTo(kinds.contains(kind) ? namespace(host.payloadPid(), kind) : own(kind));
        }
    }

    @Test
    void allNamespacesOfAProcessAreJoinedAtOnce() throws Exception {
        Leftovers before = Leftovers.before();
        try (Child host = target();
                Child guest = Command.of("cat")
                        .with(launch -> launch.join(ALL, host.payloadPid()))
                        .start()) {
            assertWhere(guest, host, ALL);
        }
        before.assertNothingIsLeft();
    }

    @Test
    void someOfThemAreJoinedAndTheOthersStayTheJvms() throws Exception {
        List<String> some = List.of("user", "net", "uts");
        try (Child host = target();
                Child guest = Command.of("cat")
                        .with(launch -> launch.join(some, host.payloadPid()))
                        .start()) {
            assertWhere(guest, host, some);
        }
    }

    @Test
    void whoJoinsAUserNamespaceIsRootInside() throws Exception {
        try (Child host = target()) {
            Command guest = Command.of("sh", "-c", "id -u; hostname")
                    .with(launch -> launch.join(List.of("user", "uts"), host.payloadPid()));
            assertThat(Outputs.of(guest)).isEqualTo("0\ninside\n");
        }
    }

    @Test
    void namespacesAreJoinedByTheirFiles() throws Exception {
        List<String> some = List.of("net", "user", "ipc", "mnt");
        try (Child host = target();
                Child guest = Command.of("cat")
                        .with(launch -> some.forEach(kind -> launch.join(kind, file(host, kind))))
                        .start()) {
            assertWhere(guest, host, some);
        }
    }

    @Test
    void anOpenHandleIsJoinedAfterItsProcessesHaveEnded() throws Exception {
        Child host = target();
        String expected = namespace(host.payloadPid(), "net");
        try (Fd user = new Fd(LibC.open(file(host, "user"), LibC.O_RDONLY));
                Fd net = new Fd(LibC.open(file(host, "net"), LibC.O_RDONLY))) {
            host.close();
            Confinement join = launch -> launch.join("user", Path.of("/proc/self/fd/" + user.number()))
                    .join("net", Path.of("/proc/self/fd/" + net.number()));
            try (Child guest = Command.of("cat").with(join).start()) {
                assertThat(namespace(guest.payloadPid(), "net")).isEqualTo(expected);
            }
        } finally {
            host.close();
        }
    }

    @Test
    void joinedAndNewOnesGoTogether() throws Exception {
        try (Child host = target();
                Child guest = Command.of("cat")
                        .with(launch -> launch.join(List.of("user", "net"), host.payloadPid())
                                .namespaces(List.of("uts", "pid")))
                        .start()) {
            assertThat(namespace(guest.payloadPid(), "net")).isEqualTo(namespace(host.payloadPid(), "net"));
            assertThat(namespace(guest.payloadPid(), "uts"))
                    .isNotEqualTo(namespace(host.payloadPid(), "uts"))
                    .isNotEqualTo(own("uts"));
            assertThat(guest.pid()).as("an init of its own").isNotEqualTo(guest.payloadPid());
        }
    }

    @Test
    void rootJoinsWithoutTheUserNamespace() throws Exception {
        Privilege.SYS_ADMIN.assumeHere();
        try (Child host = target();
                Child guest = Command.of("cat")
                        .with(launch -> launch.join(List.of("net"), host.payloadPid()))
                        .start()) {
            assertWhere(guest, host, List.of("net"));
        }
    }

    @Test
    void anOrdinaryUserHasToJoinTheUserNamespaceToo() {
        Privilege.SYS_ADMIN.assumeNotHere();
        try (Child host = target()) {
            long pid = host.payloadPid();
            NamespaceDenied denied = catchThrowableOfType(
                    NamespaceDenied.class,
                    () -> Command.of("true")
                            .with(launch -> launch.join(List.of("net"), pid))
                            .start());
            assertThat(denied.failure().orElseThrow().step()).isEqualTo("ns.join");
            assertThat(denied).hasMessageContaining("EPERM on [net] of pid " + pid);
        }
    }

    @Test
    void aPidfdIsJoinedAndStaysTheCallers() throws Exception {
        try (Child host = target();
                Fd pidfd = new Fd(ProcessCalls.pidfdOpen((int) host.payloadPid()))) {
            Confinement join = launch -> launch.joinPidfd(List.of("user", "net"), pidfd.number());
            for (int i = 0; i < 2; i++) {
                try (Child guest = Command.of("cat").with(join).start()) {
                    assertWhere(guest, host, List.of("user", "net"));
                }
            }
            host.destroyForcibly().await();
            NamespaceDenied denied = catchThrowableOfType(
                    NamespaceDenied.class, () -> Command.of("true").with(join).start());
            assertThat(denied).hasMessageContaining("ns.join: ESRCH").hasMessageEndingWith("the process has ended");
        }
        assertThatThrownBy(() -> Command.of("true")
                        .with(launch -> launch.joinPidfd(List.of("net"), 0))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("descriptor 0 is no pidfd");
    }

    /** Whichever way they name it: to enter it a second time is EINVAL. */
    @Test
    void aUserNamespaceThatSeveralConfinementsJoinIsEnteredOnce() throws Exception {
        try (Child host = target();
                Child guest = Command.of("cat")
                        .with(launch -> launch.join("user", file(host, "user")).join("net", file(host, "net")))
                        .with(launch -> launch.join(List.of("user", "uts"), host.payloadPid()))
                        .with(launch -> launch.join("user", file(host, "user")).join("ipc", file(host, "ipc")))
                        .start()) {
            assertWhere(guest, host, List.of("user", "net", "uts", "ipc"));
        }
    }

    /** The process that is meant is the one that had the pid when it was named. */
    @Test
    void aProcessIsHeldFromTheTimeItIsNamed() {
        Leftovers before = Leftovers.before();
        Child host = target();
        long pid = host.payloadPid();
        NamespaceDenied denied = catchThrowableOfType(
                NamespaceDenied.class,
                () -> Command.of("true")
                        .with(launch -> launch.join(List.of("user", "net"), pid))
                        .with(launch -> host.close())
                        .start());
        assertThat(denied.failure().orElseThrow().stage()).isEqualTo("stage0");
        assertThat(denied).hasMessageContaining("ns.join: ESRCH on [user, net] of pid " + pid);
        before.assertNothingIsLeft();
    }

    @Test
    void whatIsGoneIsATypedError() {
        Child host = target();
        long pid = host.payloadPid();
        host.close();
        assertThatThrownBy(() -> Command.of("true")
                        .with(launch -> launch.join(List.of("net"), pid))
                        .start())
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("ESRCH");
        assertThatThrownBy(() -> Command.of("true")
                        .with(launch -> launch.join("net", Path.of("/proc/" + pid + "/ns/net")))
                        .start())
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining("ENOENT")
                .hasMessageContaining("/proc/" + pid + "/ns/net");
    }

    @Test
    void aFileOfAnotherKindIsRefused() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        NamespaceDenied denied = catchThrowableOfType(
                NamespaceDenied.class,
                () -> Command.of("true")
                        .with(launch -> launch.join("net", Path.of("/proc/self/ns/uts")))
                        .start());
        assertThat(denied).hasMessageContaining("EINVAL on [net] of /proc/self/ns/uts");
    }

    @Test
    void itCanNotBothMakeAndJoinOne() {
        assertThatThrownBy(() -> Command.of("true")
                        .with(launch -> launch.namespaces(List.of("net")).join("net", Path.of("/proc/self/ns/net")))
                        .start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("it can't both make and join a net namespace");
        assertThatThrownBy(() -> Command.of("true")
                        .with(launch -> launch.join("disk", Path.of("/proc/self/ns/net")))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("namespace \"disk\"");
    }
}
