package dev.corral;

import static dev.corral.testing.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import dev.corral.testing.Status;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second program in the place where another runs. */
class ExecTest {
    private static final long CHOWN = 1;
    private static final long KILL = 1 << 5;
    /** Allows everything: one instruction. */
    private static final byte[] FILTER = ByteBuffer.allocate(8)
            .order(ByteOrder.nativeOrder())
            .putShort((short) 0x06)
            .putShort((short) 0)
            .putInt(0x7fff_0000)
            .array();

    private static Child container(Confinement... confinements) {
        Command command = Command.of("cat").with(Namespacing.all());
        for (Confinement confinement : confinements) {
            command = command.with(confinement);
        }
        return command.start();
    }

    private static Status status(Child container, Confinement... confinements) throws Exception {
        Command command = Command.of("cat", "/proc/self/status");
        for (Confinement confinement : confinements) {
            command = command.with(confinement);
        }
        return Status.parse(output(container, command));
    }

    private static String output(Child container, Command command) throws Exception {
        try (Child inside = container.exec(command)) {
            return Outputs.of(inside);
        }
    }

    private static String namespace(long pid, String kind) throws Exception {
        return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/" + kind)).toString();
    }

    @Test
    void itIsInTheSameNamespaces() throws Exception {
        Leftovers before = Leftovers.before();
        Confinement clock = launch -> launch.namespaces(List.of("time"));
        try (Child container = container(clock);
                Child inside = container.exec(Command.of("cat"))) {
            for (String kind : Launch.NAMESPACES) {
                assertThat(namespace(inside.payloadPid(), kind))
                        .as(kind)
                        .isEqualTo(namespace(container.payloadPid(), kind));
            }
        }
        before.assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mnt", "net", "uts", "ipc", "cgroup", "time"})
    void itMayHaveANamespaceOfItsOwn(String kind) throws Exception {
        Leftovers before = Leftovers.before();
        try (Child container = container();
                Child inside = container.exec(Command.of("cat").with(launch -> launch.namespaces(List.of(kind))))) {
            for (String each : Launch.NAMESPACES) {
                String there = namespace(inside.payloadPid(), each);
                if (each.equals(kind)) {
                    assertThat(there)
                            .as(each)
                            .isNotEqualTo(namespace(container.payloadPid(), each))
                            .isNotEqualTo(namespace(ProcessHandle.current().pid(), each));
                } else {
                    assertThat(there).as(each).isEqualTo(namespace(container.payloadPid(), each));
                }
            }
        }
        before.assertNothingIsLeft();
    }

    @Test
    void whatIsNewBeginsAsACopyOfTheContainers() throws Exception {
        try (Child container = container()) {
            Command renamed = Command.of("sh", "-c", "uname -n; cat /proc/net/dev")
                    .with(launch -> launch.namespaces(List.of("uts", "net")).loopback());
            assertThat(output(container, renamed)).startsWith("inside\n").contains("lo:");
            Confinement name = launch -> launch.namespaces(List.of("uts")).hostname("other");
            assertThat(output(container, Command.of("uname", "-n").with(name))).isEqualTo("other\n");
            assertThat(output(container, Command.of("uname", "-n"))).isEqualTo("inside\n");
        }
    }

    @Test
    void whatCanNotBeHadInsideIsTold() {
        try (Child container = container()) {
            Command command = Command.of("true").with(launch -> {
                launch.namespaces(List.of("user", "pid", "mnt", "time")).timeOffsets(Duration.ofDays(1), Duration.ZERO);
                launch.root().empty();
            });
            assertThatThrownBy(() -> container.exec(command))
                    .isInstanceOf(ImpossibleLaunch.class)
                    .hasMessageContaining("it can't have a user namespace of its own")
                    .hasMessageContaining("it can't have a pid namespace of its own")
                    .hasMessageContaining("a file tree of its own")
                    .hasMessageContaining("clocks");
        }
    }

    @Test
    void itSeesTheContainersFilesAndProcesses() throws Exception {
        Namespacing.assumeHas(Feature.ROOT, Feature.PROC);
        Confinement root = launch -> {
            RootPlan plan = launch.root().empty().proc(Path.of("/proc"));
            for (String top : List.of("/usr", "/lib", "/lib64", "/bin")) {
                if (Files.isSymbolicLink(Path.of(top))) {
                    plan.symlink(Path.of(top), "usr" + top);
                } else if (Files.isDirectory(Path.of(top))) {
                    plan.bind(Path.of(top), Path.of(top), Set.of(MountFlag.READ_ONLY));
                }
            }
            plan.tmpfs(Path.of("/tmp"), Optional.empty(), 01777, Set.of());
        };
        try (Child container = Command.of("sh", "-c", "echo hello > /tmp/file; echo ready; cat")
                .with(Namespacing.all(false))
                .with(root)
                .start()) {
            assertThat(Outputs.line(container)).isEqualTo("ready");
            try (Child inside = container.exec(Command.of("sh", "-c", "cat /tmp/file; cat /proc/2/comm; pwd"))) {
                assertThat(Outputs.of(inside)).isEqualTo("hello\nsh\n/\n");
            }
        }
    }

    @Test
    void itHasStreamsAndAnEndOfItsOwn() throws Exception {
        try (Child container = container();
                Child inside = container.exec(Command.of("sh", "-c", "read word; echo got $word; exit 5"))) {
            assertThat(inside.pid()).isNotEqualTo(container.pid());
            inside.getOutputStream().write("it\n".getBytes(UTF_8));
            assertThat(Outputs.of(inside)).isEqualTo("got it\n");
            assertThat(inside.await().shellCode()).isEqualTo(5);
            assertThat(container.isAlive()).isTrue();
            container.getOutputStream().close();
            assertThat(container.await().ok()).isTrue();
        }
    }

    @Test
    void itEndsWithTheContainer() throws Exception {
        Child container = container();
        try (Child inside = container.exec(Command.of("cat"))) {
            container.close();
            assertThat(inside.await().terminatedBy()).contains(Signal.KILL);
            assertThat(inside.exit().orElseThrow().details().causes()).isEmpty();
        } finally {
            container.close();
        }
    }

    @Test
    void closingItLeavesTheContainer() throws Exception {
        try (Child container = container()) {
            container.exec(Command.of("cat")).close();
            assertThat(container.isAlive()).isTrue();
            assertThat(output(container, Command.of("echo", "again"))).isEqualTo("again\n");
        }
    }

    @Test
    void privilegesAreTakenAgain() throws Exception {
        Confinement sets = launch -> launch.capabilities(CHOWN | KILL, KILL, KILL, 0, 0);
        try (Child container = container(sets, launch -> launch.seccomp(FILTER))) {
            Status status = status(container);
            assertThat(status.mask("CapBnd")).isEqualTo(CHOWN | KILL);
            assertThat(status.mask("CapPrm")).isEqualTo(KILL);
            assertThat(status.get("Seccomp")).isEqualTo("2");
            assertThat(status.get("NoNewPrivs")).isEqualTo("1");
        }
    }

    @Test
    void newPrivilegesStayAllowedWhereTheContainerAllowsThem() throws Exception {
        Privilege.assumeNewOnesAreAllowed();
        try (Child container =
                Command.of("cat").with(Namespacing.all()).allowNewPrivileges().start()) {
            assertThat(status(container).get("NoNewPrivs")).isEqualTo("0");
        }
        try (Child container = container()) {
            assertThat(status(container, Launch::allowNewPrivileges).get("NoNewPrivs"))
                    .as("asked for by name")
                    .isEqualTo("0");
        }
    }

    @Test
    void landlockRulesAreTakenAgain() throws Exception {
        Confinement rules = launch -> launch.landlock(1 << 1, 0, 0, List.of(), List.of());
        Command write =
                Command.of("sh", "-c", "echo x > /dev/null && echo written").errorIntoOutput();
        try (Child container = container()) {
            assertThat(output(container, write)).isEqualTo("written\n");
        }
        try (Child container = container(rules)) {
            assertThat(output(container, write)).contains("Permission denied");
        } catch (PrivilegeFailed failed) {
            assumeThat(failed).as("no Landlock here").hasMessageNotContaining("ENOSYS");
            throw failed;
        }
    }

    @Test
    void whoItIsIsTakenAgainUnlessTheCommandSaysWho() throws Exception {
        Namespacing.assumeManyIds();
        try (Child container = container(Identity.of(5, 6).groups(7))) {
            Status same = status(container);
            assertThat(same.get("Uid")).isEqualTo("5 5 5 5");
            assertThat(same.get("Gid")).isEqualTo("6 6 6 6");
            assertThat(same.get("Groups")).isEqualTo("7");
            assertThat(status(container, Identity.of(8, 9)).get("Uid")).isEqualTo("8 8 8 8");
        }
    }

    @Test
    void whatTheCommandBringsTakesThePlaceOfTheContainers() throws Exception {
        Confinement sets = launch -> launch.capabilities(CHOWN | KILL, KILL, KILL, 0, 0);
        Confinement rules = launch -> launch.landlock(1 << 1, 0, 0, List.of(), List.of());
        try (Child container = container(sets, rules, Identity.of(0, 0), launch -> launch.seccomp(FILTER))) {
            Status status = status(
                    container,
                    Identity.of(0, 0),
                    rules,
                    launch -> launch.capabilities(0, 0, 0, 0, 0).seccomp(FILTER));
            assertThat(status.mask("CapBnd")).isZero();
            assertThat(status.get("Seccomp")).isEqualTo("2");
        }
    }

    @Test
    void aContainerThatHasEndedIsATypedError() throws Exception {
        try (Child container = container()) {
            container.getOutputStream().close();
            container.await();
            assertThatThrownBy(() -> container.exec(Command.of("true")))
                    .isInstanceOf(ChildGone.class)
                    .hasMessage("cat has ended: nothing can be started in it");
        }
    }

    @Test
    void aProgramThatHasEndedIsGoneThoughItsInitStays() throws Exception {
        String script = "exec 3<&0; cat <&3 & echo started; exit 3";
        try (Child container = Command.of("sh", "-c", script)
                .with(Namespacing.all())
                .with(Launch::waitForAll)
                .start()) {
            assertThat(Outputs.line(container)).isEqualTo("started");
            long payload = container.payloadPid();
            await().until(() -> !Files.exists(Path.of("/proc/" + payload)));
            assertThat(container.isAlive()).isTrue();
            assertThatThrownBy(() -> container.exec(Command.of("true"))).isInstanceOf(ChildGone.class);
        }
    }

    @Test
    void aProgramThatIsMissingInsideIsATypedErrorAndCostsNothingElse() {
        Leftovers before = Leftovers.before();
        try (Child container = container()) {
            Leftovers running = Leftovers.now();
            assertThatThrownBy(() -> container.exec(Command.of("/no/such/program")))
                    .isInstanceOf(ExecFailed.class)
                    .hasMessageContaining("/no/such/program");
            running.assertNothingIsLeft();
            assertThat(container.isAlive()).isTrue();
        }
        before.assertNothingIsLeft();
    }

    @Test
    void itWorksBesideAChildWithoutNamespacesToo() throws Exception {
        try (Child plain = Command.of("cat").start();
                Child beside = plain.exec(Command.of("echo", "beside"))) {
            assertThat(Outputs.of(beside)).isEqualTo("beside\n");
        }
    }

    @Test
    void itMayHaveATerminal() throws Exception {
        try (Child container = container();
                Child inside =
                        container.exec(Command.of("sh", "-c", "tty && hostname").terminal(Terminal.Size.standard()))) {
            assertThat(Outputs.of(inside)).containsPattern("/dev/pts/[0-9]+").contains("inside");
        }
    }
}
