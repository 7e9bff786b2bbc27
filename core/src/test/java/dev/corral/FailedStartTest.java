package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.LaunchException.Failure;
import dev.corral.internal.launch.Launcher;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Launches that the kernel refuses: which exception, which step and code, which sentence; and that nothing is left. */
class FailedStartTest {
    private static final int WARM_UP = 8;

    @TempDir
    Path directory;

    private Leftovers before = Leftovers.before();

    @BeforeEach
    void openTheDirectoryToEveryone() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        before = Leftovers.before();
    }

    private Path file(String name, String content, String mode) throws Exception {
        Path file = Files.writeString(directory.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    /** Starts it without, and where there are any with, namespaces of its own; both have to fail alike. */
    private <E extends LaunchException> E refused(Class<E> type, Command command) {
        E first = refusedOnce(type, command);
        if (Namespacing.any()) {
            assertThat(refusedOnce(type, command.with(Namespacing.all()))
                            .failure()
                            .map(Failure::errnoName))
                    .isEqualTo(first.failure().map(Failure::errnoName));
        }
        return first;
    }

    private static int size(List<String> arguments) {
        return arguments.stream().mapToInt(argument -> argument.length() + 1).sum();
    }

    private <E extends LaunchException> E refusedOnce(Class<E> type, Command command) {
        E refused = catchThrowableOfType(type, command::start);
        assertThat(refused).as("start of " + command).isNotNull();
        before.assertNothingIsLeft();
        assertThat(refused).hasMessageStartingWith("can't start " + command + ": ");
        return refused;
    }

    private static void assertFailure(
            LaunchException refused, String step, String stage, String errno, Object subject) {
        Failure failure = refused.failure().orElseThrow();
        assertThat(failure.step()).isEqualTo(step);
        assertThat(failure.stage()).isEqualTo(stage);
        assertThat(failure.errnoName()).isEqualTo(errno);
        assertThat(failure.subject()).isEqualTo(subject.toString());
        assertThat(refused).hasMessageContaining(step).hasMessageContaining(": " + errno);
    }

    @Test
    void aProgramThatDoesNotExist() {
        Path missing = directory.resolve("missing");
        ExecFailed refused = refused(ExecFailed.class, Command.of(missing.toString(), "argument"));
        assertFailure(refused, "exec", "payload", "ENOENT", missing);
        assertThat(refused).hasMessageContaining("there is no such program; looked for " + missing);
    }

    @Test
    void aProgramThatIsNowhereInThePath() {
        ExecFailed refused = refused(ExecFailed.class, Command.of("no-such-program"));
        assertFailure(refused, "exec", "payload", "ENOENT", "/usr/local/bin/no-such-program");
        assertThat(refused)
                .hasMessageContaining("looked for /usr/local/bin/no-such-program, /usr/bin/no-such-program, "
                        + "/bin/no-such-program");
    }

    @Test
    void aProgramBelowAFile() throws Exception {
        Path file = file("file", "", "rw-r--r--");
        ExecFailed refused = refused(ExecFailed.class, Command.of(file + "/program"));
        assertThat(refused).hasMessageContaining("there is no such program");
    }

    @Test
    void aFileThatIsNotExecutable() throws Exception {
        Path file = file("plain", "#!/bin/sh\n", "rw-r--r--");
        ExecFailed refused = refused(ExecFailed.class, Command.of(file.toString()));
        assertFailure(refused, "exec", "payload", "EACCES", file);
        assertThat(refused).hasMessageContaining("chmod +x");
    }

    @Test
    void aDirectory() {
        ExecFailed refused = refused(ExecFailed.class, Command.of(directory.toString()));
        assertFailure(refused, "exec", "payload", "EACCES", directory);
        assertThat(refused).hasMessageEndingWith("it is a directory");
    }

    @Test
    void aScriptWhoseInterpreterIsMissing() throws Exception {
        Path script = file("script", "#!/no/such/interpreter\n", "rwxr-xr-x");
        ExecFailed refused = refused(ExecFailed.class, Command.of(script.toString()));
        assertFailure(refused, "exec", "payload", "ENOENT", script);
        assertThat(refused)
                .hasMessageEndingWith(
                        script + " exists, but the interpreter that its #! line names does not: /no/such/interpreter");
    }

    @Test
    void aScriptWithTheLineEndsOfAnotherSystem() throws Exception {
        Path script = file("script", "#!/bin/sh\r\necho hello\r\n", "rwxr-xr-x");
        assertThat(refused(ExecFailed.class, Command.of(script.toString())))
                .hasMessageEndingWith(script + " exists, but its #! line ends in a carriage return, and there is no"
                        + " interpreter of that name: end its lines with line feeds alone");
    }

    @Test
    void anInterpreterWithANameBeyondAscii() throws Exception {
        Path interpreter = FileNames.in(directory, "gr\u00f6\u00dfe\udcff");
        Files.writeString(interpreter, "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(interpreter, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path script = directory.resolve("script");
        Files.write(script, FileNames.bytes("#!" + FileNames.text(interpreter) + "\n"));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(refused(ExecFailed.class, Command.of(script.toString())))
                .hasMessageEndingWith(FileNames.text(interpreter)
                        + " exists, but the interpreter that its #! line names does not: /no/such/interpreter");
    }

    @Test
    void whereALinkOfAnyNameLeadsIsNoReasonToFail() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        Command command = Command.of(directory.resolve("link/program").toString())
                .with(Namespacing.all())
                .with(launch -> launch.root()
                        .tmpfs(directory, Optional.empty(), 0755, Set.of())
                        .symlink(directory.resolve("link"), "\udcff"));
        assertThat(refusedOnce(ExecFailed.class, command)).hasMessageContaining("there is no such program");
    }

    @Test
    void aFileThatIsNoProgram() throws Exception {
        Path file = file("words", "just words\n", "rwxr-xr-x");
        ExecFailed refused = refused(ExecFailed.class, Command.of(file.toString()));
        assertFailure(refused, "exec", "payload", "ENOEXEC", file);
        assertThat(refused)
                .hasMessageContaining("it is neither a program nor a script with a #! line: name its interpreter");
    }

    @Test
    void aPathThatIsTooLong() {
        String path = "/" + "long/".repeat(1000) + "program";
        ExecFailed refused = refused(ExecFailed.class, Command.of(path));
        assertFailure(refused, "exec", "payload", "ENAMETOOLONG", path);
        assertThat(refused).hasMessageContaining("a path has at most 4095 bytes");
    }

    @Test
    void aProgramThatSomebodyIsWriting() throws Exception {
        Path program = Files.copy(Path.of("/bin/true"), directory.resolve("busy"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Child writer = Command.of("cat").output(Stdio.appendTo(program)).start()) {
            assertThat(writer.isAlive()).isTrue();
            before = Leftovers.before();
            assertFailure(
                    refused(ExecFailed.class, Command.of(program.toString())), "exec", "payload", "ETXTBSY", program);
        }
    }

    @Test
    void argumentsThatAreTooLargeTogether() {
        List<String> arguments = new ArrayList<>(List.of("true"));
        for (int megabytes : new int[] {8, 32}) { // beyond the kernel's limit, and beyond the plan's
            while (arguments.size() < megabytes * 10) {
                arguments.add("x".repeat(100_000));
            }
            ExecFailed refused = catchThrowableOfType(
                    ExecFailed.class, () -> Command.of(arguments).start());
            before.assertNothingIsLeft();
            assertFailure(
                    refused,
                    "exec",
                    "payload",
                    "E2BIG",
                    refused.failure().orElseThrow().subject());
            assertThat(refused)
                    .hasMessageContaining(
                            "arguments (" + ByteSize.bytes(size(arguments)) + ") and environment (0 B) together"
                                    + " are too large: the kernel takes a quarter of RLIMIT_STACK");
            assertThat(refused.getMessage()).as("not all of them").hasSizeLessThan(2000);
        }
    }

    @Test
    void aWorkingDirectoryThatDoesNotExist() {
        Path missing = directory.resolve("missing");
        ExecFailed refused = refused(ExecFailed.class, Command.of("true").directory(missing));
        assertFailure(refused, "cwd", "payload", "ENOENT", missing);
        assertThat(refused).hasMessageContaining("there is no such directory");
    }

    @Test
    void aWorkingDirectoryThatIsAFile() throws Exception {
        Path file = file("file", "", "rw-r--r--");
        ExecFailed refused = refused(ExecFailed.class, Command.of("true").directory(file));
        assertFailure(refused, "cwd", "payload", "ENOTDIR", file);
        assertThat(refused).hasMessageContaining("it is not a directory");
    }

    @Test
    void aWorkingDirectoryThatMayNotBeEntered() throws Exception {
        Privilege.DAC_READ_SEARCH.assumeNotHere();
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        ExecFailed refused = refusedOnce(ExecFailed.class, Command.of("true").directory(closed));
        assertFailure(refused, "cwd", "payload", "EACCES", closed);
        assertThat(refused)
                .hasMessageContaining("the directory can't be entered by uid ")
                .hasMessageContaining("copy what the program needs to a place that others may read");
    }

    @Test
    void aWorkingDirectoryThatIsTheJvmsAlone() throws Exception {
        Namespacing.assumeManyIds();
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        ExecFailed refused = refusedOnce(
                ExecFailed.class, Command.of("true").directory(closed).with(Namespacing.all()));
        assertFailure(refused, "cwd", "payload", "EACCES", closed);
        assertThat(refused)
                .hasMessageContaining("uid " + Namespacing.firstUser() + " (root inside the user namespace)");
    }

    @Test
    void aProgramThatOnlyTheJvmMayReach() throws Exception {
        Namespacing.assumeManyIds();
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Path program = Files.copy(Path.of("/bin/true"), closed.resolve("program"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        Command command = Command.of(program.toString()).with(Namespacing.all());
        ExecFailed refused = refusedOnce(ExecFailed.class, command);
        assertFailure(refused, "exec", "payload", "EACCES", program);
        assertThat(refused).hasMessageContaining("can't be reached or executed by uid " + Namespacing.firstUser());
    }

    @Test
    void aNameThatIsNowhereInAPathWithADirectoryThatOnlyTheJvmMayEnter() throws Exception {
        Namespacing.assumeManyIds();
        Path closed = closedDirectory("closed");
        Command command =
                Command.of("no-such-program").env("PATH", closed + ":/usr/bin").with(Namespacing.all());
        ExecFailed refused = refusedOnce(ExecFailed.class, command);
        assertFailure(refused, "exec", "payload", "EACCES", closed.resolve("no-such-program"));
        assertThat(refused)
                .hasMessageContaining("there is no such program where uid " + Namespacing.firstUser())
                .hasMessageContaining("looked for " + closed.resolve("no-such-program") + ", /usr/bin/no-such-program")
                .hasMessageContaining("the way to " + closed + " can't be entered: correct the name, or copy");
    }

    @Test
    void aNameThatIsNowhereInThePathOfAChildThatItJoins() throws Exception {
        Namespacing.assumeManyIds();
        Path closed = closedDirectory("closed");
        try (Child child = Command.of("sleep", "60").with(Namespacing.all()).start()) {
            Command command = Command.of("no-such-program").env("PATH", closed + ":/usr/bin");
            assertThatThrownBy(() -> child.exec(command))
                    .isInstanceOf(ExecFailed.class)
                    .hasMessageContaining("there is no such program in that file tree, or none that may be reached")
                    .hasMessageContaining("looked for " + closed.resolve("no-such-program") + ", /usr/bin/")
                    .hasMessageNotContaining("uid 0");
        }
    }

    @Test
    void ofTwoClosedDirectoriesThatWithTheProgramIsNamed() throws Exception {
        Namespacing.assumeManyIds();
        Path first = closedDirectory("first");
        Path second = closedDirectory("second");
        Path program = Files.copy(Path.of("/bin/true"), first.resolve("program"));
        Command command =
                Command.of("program").env("PATH", first + ":" + second).with(Namespacing.all());
        assertThat(refusedOnce(ExecFailed.class, command))
                .hasMessageContaining(program + " can't be reached or executed by uid " + Namespacing.firstUser());
    }

    private Path closedDirectory(String name) throws Exception {
        Path closed = Files.createDirectory(directory.resolve(name));
        return Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void allArgumentsInOneText() {
        assertThat(refused(ExecFailed.class, Command.of("sleep 60")))
                .hasMessageEndingWith("its name has a space: each argument is a text of its own,"
                        + " as in Command.of(\"sleep\", \"60\")");
        assertThat(refused(ExecFailed.class, Command.of("sleep 60", "60"))).hasMessageNotContaining("a space");
    }

    @Test
    void aProgramWithASpaceInItsNameThatIsThereIsNoCommandLine() throws Exception {
        Path script = file("a script", "#!/no/such/interpreter\n", "rwxr-xr-x");
        assertThat(refused(ExecFailed.class, Command.of(script.toString())))
                .hasMessageEndingWith(
                        script + " exists, but the interpreter that its #! line names does not: /no/such/interpreter");
    }

    @Test
    void aPathThatTheLaunchersMessageCutsShortIsToldInFull() throws Exception {
        Path deep = Files.createDirectories(directory.resolve("d".repeat(200)).resolve("e".repeat(200)));
        Path script = Files.writeString(deep.resolve("script"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(refused(ExecFailed.class, Command.of(script.toString())))
                .hasMessageContaining(script + " exists, but the interpreter");
        assertFailure(
                refused(ExecFailed.class, Command.of("true").directory(deep.resolve("missing"))),
                "cwd",
                "payload",
                "ENOENT",
                deep.resolve("missing"));
    }

    @Test
    void whatIsToBeBoundOrToBeTheRootIsNotThere() {
        Path missing = directory.resolve("missing");
        Command command = Command.of("true").with(Namespacing.all());
        MountFailed bind = refusedOnce(
                MountFailed.class,
                command.with(launch -> launch.root().bind(missing, directory, Set.of(MountFlag.READ_ONLY))));
        assertFailure(bind, "mount", "", "ENOENT", missing);
        assertThat(bind).hasMessageEndingWith("there is no such file or directory: make it, or name another");
        MountFailed root = refusedOnce(
                MountFailed.class, command.with(launch -> launch.root().directory(missing)));
        assertFailure(root, "root.attach", "", "ENOENT", missing);
    }

    @Test
    void redirectsThatCanNotBeOpened() {
        Path missing = directory.resolve("missing/file");
        for (Command command : List.of(
                Command.of("cat").input(Stdio.fromFile(missing)),
                Command.of("cat").output(Stdio.toFile(missing)),
                Command.of("cat").error(Stdio.appendTo(missing)))) {
            SetUpFailed refused = refused(SetUpFailed.class, command);
            assertFailure(refused, "open", "", "ENOENT", missing);
            assertThat(refused).hasMessageEndingWith("ENOENT: there is no such file or directory");
        }
        assertFailure(
                refused(SetUpFailed.class, Command.of("cat").output(Stdio.toFile(directory))),
                "open",
                "",
                "EISDIR",
                directory);
    }

    @Test
    void namespacesWithoutPrivilege() {
        Privilege.SYS_ADMIN.assumeNotHere();
        Command command = Command.of("true").with(launch -> launch.namespaces(List.of("net", "uts")));
        NamespaceDenied refused = refusedOnce(NamespaceDenied.class, command);
        assertFailure(refused, "clone", "stage0", "EPERM", "new namespaces [net, uts]");
        assertThat(refused).hasMessageContaining("only together with a user namespace: add USER");
    }

    @Test
    void namespacesForARootWithoutItsCapability() throws Exception {
        assumeThat(LibC.effectiveUser()).as("needs root by name").isZero();
        Privilege.SETPCAP.assumeHere(); // to have the other one no more
        List<String> line = new ArrayList<>(List.of("setpriv", "--bounding-set=-sys_admin"));
        line.addAll(ForkedJvm.commandLine(Incapable.class));
        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output())
                .isEqualTo("can't start true: clone: EPERM on new namespaces [net]: "
                        + "it takes CAP_SYS_ADMIN, or a user namespace\n");
    }

    /** Whether groups may be set decides whether its map of groups is taken, and its user id said nothing about it. */
    @Test
    void aRootWithoutTheRightToSetGroupsHasAUserNamespaceAllTheSame() throws Exception {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        assumeThat(LibC.effectiveUser()).as("needs root by name").isZero();
        Privilege.SETPCAP.assumeHere(); // to have the other one no more
        List<String> line = new ArrayList<>(List.of("setpriv", "--bounding-set=-setgid"));
        line.addAll(ForkedJvm.commandLine(Groupless.class));
        assertThat(ForkedJvm.run(new ProcessBuilder(line)).ok().output()).isEqualTo("0\n");
    }

    /** Maps its own ids alone. */
    static final class Groupless {
        private Groupless() {}

        public static void main(String[] arguments) throws Exception {
            List<Launch.IdRange> own = List.of(new Launch.IdRange(0, 0, 1));
            System.out.print(Outputs.of(Command.of("id", "-u")
                    .with(launch -> launch.namespaces(List.of("user")).idMaps(own, own))));
        }
    }

    /** Root by name only. */
    static final class Incapable {
        private Incapable() {}

        public static void main(String[] arguments) {
            try (Child child = Command.of("true")
                    .with(launch -> launch.namespaces(List.of("net")))
                    .start()) {
                System.out.println("started " + child);
            } catch (NamespaceDenied denied) {
                System.out.println(denied.getMessage());
            }
        }
    }

    @Test
    void idsThatMayNotBeMapped() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        boolean many = Namespacing.manyIds();
        long first = Namespacing.firstUser();
        List<Launch.IdRange> map = many
                ? List.of(new Launch.IdRange(0, first, 10), new Launch.IdRange(5, first + 100, 10))
                : List.of(new Launch.IdRange(0, LibC.effectiveUser() + 1L, 1));
        Command command = Command.of("true")
                .with(launch -> launch.namespaces(List.of("user")).idMaps(map, map));
        IdMapDenied refused = refusedOnce(IdMapDenied.class, command);
        Failure failure = refused.failure().orElseThrow();
        assertThat(failure.step()).isEqualTo("idmap");
        assertThat(failure.stage()).isEqualTo("stage0");
        assertThat(failure.errnoName()).isEqualTo(many ? "EINVAL" : "EPERM");
        assertThat(failure.subject()).matches("/proc/[0-9]+/uid_map");
        assertThat(refused).hasMessageContaining(many ? "ranges overlap" : "these ids may not be mapped by uid ");
    }

    @Test
    void aFailedStartThrowsEachTimeAndLeavesNothingEachTime() {
        Command command = Command.of("/no/such/program").with(Namespacing.all());
        for (int i = 0; i < 100; i++) {
            assertThat(catchThrowableOfType(ExecFailed.class, command::start)).isNotNull();
        }
        before.assertNothingIsLeft();
    }

    @Test
    void whereJnaCanNotLoadTheLauncherIsUnavailable() throws Exception {
        List<String> line = new ArrayList<>(ForkedJvm.commandLine(WithoutJna.class));
        line.addAll(1, List.of("-Djna.nounpack=true", "-Djna.nosys=true", "-Djna.boot.library.path=/nowhere"));
        List<String> told =
                ForkedJvm.run(new ProcessBuilder(line)).ok().output().lines().toList();
        assertThat(told.get(0))
                .startsWith("LauncherUnavailable: JNA can't load its native part: ")
                .contains("JNA native support")
                .endsWith("; it has to be unpacked where files can be written and executed: have -Djna.tmpdir name a"
                        + " directory that is not mounted noexec");
        assertThat(told).as("each time, and elsewhere").hasSize(3).allMatch(told.get(0)::equals);
    }

    /** Starts twice, the second time a class that can't be initialised fails in another way, and asks for something else. */
    static final class WithoutJna {
        private WithoutJna() {}

        public static void main(String[] arguments) {
            for (int i = 0; i < 2; i++) {
                try (Child child = Command.of("true").start()) {
                    System.out.println("started " + child);
                } catch (LauncherUnavailable unavailable) {
                    System.out.println("LauncherUnavailable: " + unavailable.getMessage());
                }
            }
            try {
                System.out.println(LibC.effectiveUser());
            } catch (LinkageError unloadable) {
                System.out.println("LauncherUnavailable: " + unloadable.getMessage());
            }
        }
    }

    @Test
    void aTerminalWhoseEndNobodyCanWaitForIsClosed() throws Exception {
        Launcher launcher = Launcher.load();
        for (int i = 0; i < WARM_UP; i++) {
            try (Child child = Start.of(Command.of("true"), launcher)) {
                child.onExit().join();
            }
        }
        launcher.poller().close();
        Leftovers mine = Leftovers.now();
        Command command = Command.of("cat").terminal(Terminal.Size.standard());
        assertThatThrownBy(() -> Start.of(command, launcher)).hasMessage("corral-wait is closed");
        // At once: a moment later the garbage collector might have closed them.
        assertThat(Leftovers.now().descriptors()).noneMatch(open -> open.contains("ptmx"));
        mine.assertNothingIsLeft();
    }
}
