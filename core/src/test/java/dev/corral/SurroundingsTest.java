package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.testing.CProgram;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Environment, working directory, descriptors and signals a program finds; and how the program is found. */
class SurroundingsTest {
    @TempDir
    Path directory;

    private Path script(String path, String content, String mode) throws Exception {
        Path file = directory.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    private Path tool(String path) throws Exception {
        return script(path, "#!/bin/sh\necho " + path + "\n", "rwxr-xr-x");
    }

    @Test
    void theEnvironmentIsEmptyByDefault() throws Exception {
        assertThat(Outputs.of(Command.of("env"))).isEmpty();
    }

    @Test
    void variablesArriveAsTheyWereGiven() throws Exception {
        Command command = Command.of("env").env("A", "1").env("EMPTY", "").env("WORDS", "two words=é");
        assertThat(Outputs.of(command).lines()).containsExactlyInAnyOrder("A=1", "EMPTY=", "WORDS=two words=é");
    }

    @Test
    void theJvmsVariablesComeAlongWhenAskedFor() throws Exception {
        Command command = Command.of("env").environment(Environment.empty().inheriting("PATH"));
        assertThat(Outputs.of(command)).isEqualTo("PATH=" + System.getenv("PATH") + "\n");
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws Exception {
        Command command = Command.of("printf", "[%s]", "", "a b", "\"q\"", "$HOME", "*", "\\", "日本", "\n");
        assertThat(Outputs.of(command)).isEqualTo("[][a b][\"q\"][$HOME][*][\\][日本][\n]");
    }

    @Test
    void theLongestArgumentTheKernelTakesIsTaken() throws Exception {
        assertThat(Outputs.of(Command.of("echo", "-n", "x".repeat(131_071)))).hasSize(131_071);
    }

    @Test
    void theWorkingDirectoryIsTheJvmsUnlessGiven() throws Exception {
        assertThat(Outputs.of(Command.of("pwd")).strip())
                .isEqualTo(Path.of("").toRealPath().toString());
        assertThat(Outputs.of(Command.of("pwd").directory(directory)).strip())
                .isEqualTo(directory.toRealPath().toString());
    }

    @Test
    void aRelativeDirectoryStartsAtTheJvms() throws Exception {
        Path relative = Path.of("").toAbsolutePath().relativize(directory);
        assertThat(Outputs.of(Command.of("pwd").directory(relative)).strip())
                .isEqualTo(directory.toRealPath().toString());
    }

    /** Once it has answered: before that a program opens its libraries, one after the other as 3. */
    @Test
    void nothingButTheThreeStreamsIsOpen() throws Exception {
        try (Child child = Command.of("cat").start()) {
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            assertThat(child.getInputStream().read()).isEqualTo('\n');
            try (Stream<Path> open = Files.list(Path.of("/proc/" + child.payloadPid() + "/fd"))) {
                assertThat(open.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("0", "1", "2");
            }
        }
    }

    @Test
    void noSignalIsBlockedOrIgnored() throws Exception {
        List<String> masks = Outputs.of(Command.of("grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"))
                .lines()
                .toList();
        assertThat(masks).hasSize(2).allMatch(line -> line.endsWith("\t0000000000000000"));
    }

    @Test
    void aSessionOfItsOwnKeepsItFromTheJvmsTerminal() throws Exception {
        try (Child child = Command.of("cat").start()) {
            String stat = Files.readString(Path.of("/proc/" + child.payloadPid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            assertThat(fields[2]).as("process group").isEqualTo(Long.toString(child.payloadPid()));
            assertThat(fields[3]).as("session").isEqualTo(Long.toString(child.payloadPid()));
            assertThat(fields[4]).as("terminal").isEqualTo("0");
        }
    }

    @Test
    void theMaskOfPermissionsIsTheJvmsUnlessGiven() throws Exception {
        Command command = Command.of("sh", "-c", "umask");
        String own = Outputs.of(command);
        assertThat(Outputs.of(command.with(Namespacing.all()))).isEqualTo(own);
        for (Confinement confinement : Namespacing.noneAndAll().toList()) {
            assertThat(Outputs.of(command.umask(0137).with(confinement))).isEqualTo("0137\n");
            assertThat(Outputs.of(command.umask(0).with(confinement))).isEqualTo("0000\n");
        }
        assertThatThrownBy(() -> command.umask(01000)).hasMessage("umask 1000: it lies between 0 and 777");
    }

    @Test
    void hostAndDomainHaveTheGivenNames() throws Exception {
        Confinement names = launch -> launch.hostname("one.example").domainName("two.example");
        Command command = Command.of("cat", "/proc/sys/kernel/hostname", "/proc/sys/kernel/domainname");
        String own = Outputs.of(command);
        assertThat(Outputs.of(command.with(Namespacing.all()).with(names))).isEqualTo("one.example\ntwo.example\n");
        assertThat(Outputs.of(command)).isEqualTo(own);
        assertThatThrownBy(() -> command.with(names).start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("a domain name needs a new uts namespace");
    }

    private static Confinement clock(Duration boot, Duration monotonic) {
        assumeThat(Path.of("/proc/self/ns/time")).as("needs time namespaces").exists();
        return Namespacing.user()
                .and(launch -> launch.namespaces(List.of("time")).timeOffsets(boot, monotonic));
    }

    @Test
    void clocksAreShifted() throws Exception {
        Command uptime = Command.of("cat", "/proc/uptime");
        double own = Double.parseDouble(Outputs.of(uptime).split(" ", -1)[0]);
        double later = Double.parseDouble(
                Outputs.of(uptime.with(clock(Duration.ofDays(100).plusMillis(500), Duration.ZERO)))
                        .split(" ", -1)[0]);
        assertThat(later - own).isBetween(100 * 86_400.0, 100 * 86_400.0 + 60);
        Command offsets = Command.of("cat", "/proc/self/timens_offsets");
        assertThat(Outputs.of(offsets.with(clock(Duration.ofSeconds(7), Duration.ofMillis(-1_500))))
                        .replaceAll(" +", " "))
                .isEqualTo("monotonic -2 500000000\nboottime 7 0\n");
    }

    @Test
    void aClockBelowZeroIsRefused() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        assertThatThrownBy(() -> Command.of("true")
                        .with(clock(Duration.ofDays(-100_000), Duration.ZERO))
                        .start())
                .isInstanceOf(NamespaceDenied.class)
                .hasMessageContaining("time.offsets: ERANGE");
    }

    @Test
    void theKeyringIsTheJvmsUnlessANewOneIsWanted() throws Exception {
        Namespacing.assumeHas(Feature.KEYRING);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        String program = CProgram.compile(directory, "keyring", """
                        #include <stdio.h>
                        #include <unistd.h>
                        #include <sys/syscall.h>
                        int main(void) { printf("%ld\\n", syscall(SYS_keyctl, 0, -3, 0)); }
                        """).toString();
        Command command = Command.of(program);
        String own = Outputs.of(command);
        assertThat(Outputs.of(command)).isEqualTo(own);
        String first = Outputs.of(command.with(Launch::newKeyring));
        String second = Outputs.of(command.with(Launch::newKeyring));
        assertThat(Set.of(own, first, second)).hasSize(3).noneMatch(id -> id.startsWith("-"));
        try (Child child = Command.of("cat").with(Launch::newKeyring).start();
                Child inside = child.exec(command)) {
            assertThat(Outputs.of(inside)).isNotEqualTo(own);
        }
    }

    @Test
    void nothingOfAPlanShowsInTheLaunchersCommandLine() throws Exception {
        try (Child child = Command.of("cat").env("TOKEN", "hush").start()) {
            assertThat(Files.readString(Path.of("/proc/" + child.pid() + "/cmdline")))
                    .isEqualTo("cat\0");
        }
    }

    @Test
    void aProgramIsLookedForInThePathOfItsOwnEnvironment() throws Exception {
        tool("a/tool");
        tool("b/tool");
        String a = directory.resolve("a").toString();
        String b = directory.resolve("b").toString();
        assertThat(Outputs.of(Command.of("tool").env("PATH", a + ":" + b))).isEqualTo("a/tool\n");
        assertThat(Outputs.of(Command.of("tool").env("PATH", b + ":" + a))).isEqualTo("b/tool\n");
        assertThat(Outputs.of(Command.of("tool").env("PATH", "/nowhere:" + b))).isEqualTo("b/tool\n");
    }

    @Test
    void whatMayNotBeExecutedGivesWayToTheNext() throws Exception {
        script("a/tool", "not for execution", "rw-r--r--");
        Files.createDirectories(directory.resolve("dir/tool"));
        tool("b/tool");
        String path = directory + "/a:" + directory + "/dir:" + directory + "/b";
        assertThat(Outputs.of(Command.of("tool").env("PATH", path))).isEqualTo("b/tool\n");
    }

    @Test
    void withoutAPathTheUsualPlacesAreTried() throws Exception {
        assertThat(Outputs.of(Command.of("sh", "-c", "echo found"))).isEqualTo("found\n");
        assertThatThrownBy(() -> Command.of("sh").env("PATH", "/nowhere").start())
                .isInstanceOf(ExecFailed.class)
                .hasMessageContaining("looked for /nowhere/sh");
    }

    @Test
    void anEmptyPartOfThePathIsTheWorkingDirectory() throws Exception {
        tool("tool");
        for (String path : List.of("", "/nowhere:", ":/nowhere")) {
            assertThat(Outputs.of(Command.of("tool").env("PATH", path).directory(directory)))
                    .isEqualTo("tool\n");
        }
    }

    @Test
    void aNameWithASlashIsAPathFromTheChildsDirectory() throws Exception {
        tool("bin/tool");
        assertThat(Outputs.of(Command.of("bin/tool").directory(directory))).isEqualTo("bin/tool\n");
        assertThat(Outputs.of(Command.of("./tool").directory(directory.resolve("bin"))))
                .isEqualTo("bin/tool\n");
    }

    /** The check that the working directory lies inside once refused it in the JVM's own tree. */
    @Test
    void aJvmWhoseDirectoryWasRemovedStillStartsPrograms() throws Exception {
        Path removed = Files.createDirectory(directory.resolve("removed"));
        ProcessBuilder jvm = new ProcessBuilder(ForkedJvm.commandLine(Removed.class, removed.toString()));
        assertThat(ForkedJvm.run(jvm.directory(removed.toFile())).ok().output()).contains("it ran");
    }

    /** Removes its own working directory and goes on. */
    static final class Removed {
        private Removed() {}

        public static void main(String[] arguments) throws Exception {
            Files.delete(Path.of(arguments[0]));
            System.out.print(Outputs.of(Command.of("sh", "-c", "echo it ran")));
        }
    }

    @Test
    void argumentsDoNotDependOnTheJvmsLocale() throws Exception {
        ProcessBuilder jvm = new ProcessBuilder(ForkedJvm.commandLine(Accented.class, directory.toString()));
        jvm.environment().putAll(Map.of("LC_ALL", "C", "LANG", "C"));
        assertThat(ForkedJvm.run(jvm).ok().output().lines().toList())
                .containsExactly("[c3][a9]", "can't start DIR/\\u00e9: exec: EACCES on DIR/\\u00e9");
    }

    /** Runs and fails to run programs whose names the locale can't express. */
    static final class Accented {
        private Accented() {}

        public static void main(String[] arguments) throws Exception {
            String accented = arguments[0] + "/\u00e9";
            Leftovers before = Leftovers.before();
            Command bytes = Command.of(
                    "sh", "-c", "printf %s \"$1\" | od -An -tx1 | sed 's/ \\(..\\)/[\\1]/g'", "sh", "\u00e9");
            System.out.print(Outputs.of(bytes));
            Outputs.of(Command.of("sh", "-c", "echo > \"$1\"", "sh", accented));
            try {
                Command.of(accented).start().close();
            } catch (ExecFailed failed) {
                String message = String.valueOf(failed.getMessage()).replace("\u00e9", "\\u00e9");
                System.out.println(
                        message.substring(0, message.lastIndexOf(": it")).replace(arguments[0], "DIR"));
            }
            before.assertNothingIsLeft();
        }
    }
}
