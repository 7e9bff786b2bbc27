package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.Launch.LandlockPath;
import dev.corral.Launch.LandlockPort;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Landlock domains: what is handled is denied but where a rule grants it. */
class LandlockRulesTest {
    private static final long EXECUTE = 1;
    private static final long WRITE_FILE = 1 << 1;
    private static final long MAKE_REG = 1 << 8;
    private static final long WRITE = WRITE_FILE | MAKE_REG;
    private static final long BIND_TCP = 1;
    private static final long CONNECT_TCP = 1 << 1;
    private static final long SCOPE_SIGNAL = 1 << 1;

    @TempDir
    Path directory;

    static Stream<Confinement> withAndWithoutNamespaces() {
        return Namespacing.noneAndAll();
    }

    @BeforeEach
    void needsLandlock() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        try {
            Command.of("true")
                    .with(launch -> launch.landlock(WRITE, 0, 0, List.of(), List.of()))
                    .start()
                    .close();
        } catch (PrivilegeFailed absent) {
            assumeThat(absent.failure().orElseThrow().errnoName())
                    .as("this kernel has no Landlock: " + absent.getMessage())
                    .isNotIn("ENOSYS", "EOPNOTSUPP");
            throw absent;
        }
    }

    private Path open(String name) throws Exception {
        Path made = Files.createDirectory(directory.resolve(name));
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        return made;
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutNamespaces")
    void filesAreWrittenWhereARuleAllowsIt(Confinement confinement) throws Exception {
        Path allowed = open("allowed");
        Path other = open("other");
        String script = "echo a > " + allowed + "/file && echo written; echo b > " + other + "/file";
        Command command = Command.of("sh", "-c", script).with(confinement);
        Confinement rules =
                launch -> launch.landlock(WRITE, 0, 0, List.of(new LandlockPath(allowed, WRITE)), List.of());
        assertThat(Outputs.of(command.with(rules))).startsWith("written").contains("Permission denied");
        assertThat(allowed.resolve("file")).exists();
        assertThat(other.resolve("file")).doesNotExist();
        assertThat(Outputs.of(command)).isEqualTo("written\n");
    }

    @ParameterizedTest
    @MethodSource("withAndWithoutNamespaces")
    void whatTheRulesDoNotLetBeExecutedIsNamed(Confinement confinement) throws Exception {
        Path programs = open("programs");
        Path program = Files.copy(Path.of("/bin/true"), programs.resolve("program"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Command command = Command.of(program.toString()).with(confinement);
        command.run().orThrow();

        assertThatThrownBy(() -> command.with(executing()).start())
                .isInstanceOf(ExecFailed.class)
                .hasMessageContaining("it may not be executed by the Landlock rules");
        assertThatThrownBy(() -> command.with(executing(programs)).start())
                .isInstanceOf(ExecFailed.class)
                .hasMessageContaining("its interpreter /")
                .hasMessageContaining("may not be executed by the Landlock rules");
        assertThat(command.with(executing(programs, Path.of("/lib"), Path.of("/lib64"), Path.of("/usr")))
                        .run()
                        .exit())
                .isInstanceOfSatisfying(
                        Exit.Exited.class, exit -> assertThat(exit.code()).isZero());
    }

    private static Confinement executing(Path... places) {
        List<LandlockPath> rules = Stream.of(places)
                .filter(Files::exists)
                .map(place -> new LandlockPath(place, EXECUTE))
                .toList();
        return launch -> launch.landlock(EXECUTE, 0, 0, rules, List.of());
    }

    @Test
    void itHoldsWithNewPrivilegesTooWhereTheKernelAllowsThat() throws Exception {
        Path other = open("other");
        Command command = Command.of("touch", other + "/file")
                .with(Namespacing.all())
                .with(launch -> launch.landlock(WRITE, 0, 0, List.of(), List.of()));
        assertThat(Outputs.of(command.allowNewPrivileges())).contains("Permission denied");
    }

    @Test
    void connectionsAreMadeToThePortsOfTheRules() throws Exception {
        assumeThat(Files.isExecutable(Path.of("/bin/bash")))
                .as("needs bash for /dev/tcp")
                .isTrue();
        try (ServerSocket allowed = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String script = "exec 3<>/dev/tcp/127.0.0.1/$0 && echo connected; exec 4<>/dev/tcp/127.0.0.1/$1";
            Command command = Command.of(
                    "/bin/bash",
                    "-c",
                    script,
                    Integer.toString(allowed.getLocalPort()),
                    Integer.toString(other.getLocalPort()));
            Confinement rules = launch -> launch.landlock(
                    0,
                    BIND_TCP | CONNECT_TCP,
                    0,
                    List.of(),
                    List.of(new LandlockPort(allowed.getLocalPort(), CONNECT_TCP)));
            assertThat(Outputs.of(command.with(rules)))
                    .startsWith("connected\n")
                    .contains("Permission denied");
            assertThat(Outputs.of(command)).isEqualTo("connected\n");
        }
    }

    @Test
    void aScopeKeepsSignalsInside() throws Exception {
        Command command = Command.of(
                "sh",
                "-c",
                "kill -0 $0 && echo reached",
                Long.toString(ProcessHandle.current().pid()));
        assertThat(Outputs.of(command)).isEqualTo("reached\n");
        try {
            assertThat(Outputs.of(command.with(launch -> launch.landlock(0, 0, SCOPE_SIGNAL, List.of(), List.of()))))
                    .contains("ermitted");
        } catch (PrivilegeFailed older) {
            assumeThat(older.failure().orElseThrow().errnoName())
                    .as("needs Linux 6.12: " + older.getMessage())
                    .isNotIn("E2BIG", "EINVAL");
            throw older;
        }
    }

    @Test
    void aRuleOfWhatIsMissingIsRefusedByItsPath() {
        Path missing = directory.resolve("missing");
        PrivilegeFailed failed = catchThrowableOfType(
                PrivilegeFailed.class,
                () -> Command.of("true")
                        .with(launch ->
                                launch.landlock(WRITE, 0, 0, List.of(new LandlockPath(missing, WRITE)), List.of()))
                        .start());
        assertThat(failed.failure().orElseThrow().step()).isEqualTo("landlock.rules");
        assertThat(failed).hasMessageContaining("ENOENT on " + missing);
    }

    @Test
    void aRightThatIsNotHandledIsRefused() {
        PrivilegeFailed failed = catchThrowableOfType(
                PrivilegeFailed.class,
                () -> Command.of("true")
                        .with(launch -> launch.landlock(
                                WRITE_FILE, 0, 0, List.of(new LandlockPath(directory, MAKE_REG)), List.of()))
                        .start());
        assertThat(failed).hasMessageContaining("EINVAL on " + directory);
    }

    @Test
    void twoConfinementsCanNotBothGiveRules() {
        Confinement rules = launch -> launch.landlock(WRITE, 0, 0, List.of(), List.of());
        assertThatThrownBy(() -> Command.of("true").with(rules).with(rules).start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("two confinements give Landlock rules");
    }
}
