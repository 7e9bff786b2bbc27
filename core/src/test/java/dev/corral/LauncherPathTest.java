package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.testing.CProgram;
import dev.corral.testing.ForkedJvm;
import dev.corral.testing.Namespacing;
import dev.corral.testing.Outputs;
import dev.corral.testing.Privilege;
import dev.corral.testing.Shim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a JVM has its launcher from: an installed one, or what it finds when it may not execute files in memory. */
class LauncherPathTest {
    @TempDir
    Path directory;

    @BeforeEach
    void openTheDirectoryToEveryone() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Starts a command in all namespaces, and tells how that went and what it ran. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] arguments) throws Exception {
            try {
                System.out.print(start());
            } catch (LauncherUnavailable unavailable) {
                System.out.println("unavailable: " + unavailable.getMessage());
            }
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                open.forEach(Starter::tell);
            }
        }

        private static String start() throws Exception {
            Command.of("true").start().close(); // whether there is a launcher at all is to be known before
            Command command = Command.of("cat", "/file")
                    .with(Namespacing.all(false))
                    .with(launch -> {
                        launch.root().empty().file(Path.of("/file"), "content of a file".getBytes(UTF_8), 0644);
                        for (String top : List.of("/usr", "/lib", "/lib64", "/bin")) {
                            if (Files.isSymbolicLink(Path.of(top))) {
                                launch.root().symlink(Path.of(top), "usr" + top);
                            } else if (Files.isDirectory(Path.of(top))) {
                                launch.root().bind(Path.of(top), Path.of(top), Set.of());
                            }
                        }
                    });
            try (Child child = command.start()) {
                return Outputs.of(child) + "\n" + (child.await().ok() ? 0 : 1) + "\n";
            }
        }

        private static void tell(Path link) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                if (target.endsWith(" (deleted)")) {
                    System.out.println("open: " + target);
                }
            } catch (IOException closedMeanwhile) {
                // only a listing
            }
        }
    }

    private static List<String> java(String... properties) {
        List<String> line = ForkedJvm.commandLine(Starter.class);
        line.addAll(1, List.of(properties));
        return line;
    }

    private static String run(List<String> prefix, List<String> java) throws Exception {
        List<String> line = new ArrayList<>(prefix);
        line.addAll(java);
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().remove("XDG_RUNTIME_DIR");
        return ForkedJvm.run(builder).ok().output();
    }

    private static void assertStarted(String output) {
        assertThat(output).startsWith("content of a file\n0\n");
    }

    @Test
    void anInstalledLauncherIsUsed() throws Exception {
        Namespacing.assumeHas(Feature.ROOT);
        Path installed = directory.resolve("installed");
        Shim.unpackLauncher(installed);
        String output = run(List.of(), java("-Dcorral.launcher.path=" + installed));
        assertStarted(output);
        assertThat(output).doesNotContain("open: /memfd:corral-launcher");
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "."})
    void anInstalledLauncherThatIsNoneIsNamed(String name) throws Exception {
        Path path = directory.resolve(name).toAbsolutePath();
        assertThat(run(List.of(), java("-Dcorral.launcher.path=" + path)))
                .startsWith("unavailable: ")
                .contains("corral.launcher.path names " + path + ", which is no program that may be executed");
    }

    @Test
    void anInstalledLauncherOfAnotherVersionIsRefusedWithBothNumbers() throws Exception {
        Path copy = Files.createDirectory(directory.resolve("c"));
        try (Stream<Path> sources = Files.list(CProgram.SOURCES)) {
            for (Path source : sources.toList()) {
                String text = Files.readString(source);
                Files.writeString(
                        copy.resolve(source.getFileName().toString()),
                        text.replaceAll("(#define CORRAL_PROTOCOL) [0-9]+", "$1 7"));
            }
        }
        Path out = directory.resolve("out");
        Process build = new ProcessBuilder("sh", copy.resolve("build.sh").toString(), out.toString())
                .redirectErrorStream(true)
                .start();
        String complaints = new String(build.getInputStream().readAllBytes(), UTF_8);
        assertThat(build.waitFor()).as(complaints).isZero();
        String arch = "amd64".equals(System.getProperty("os.arch")) ? "x86_64" : System.getProperty("os.arch");
        Path other = out.resolve("linux-" + arch).resolve("corral-launcher");
        assertThat(run(List.of(), java("-Dcorral.launcher.path=" + other)))
                .startsWith("unavailable: ")
                .contains("the launcher speaks protocol 7, this JVM protocol 3")
                .contains("corral.launcher.path");
    }

    /** The plan and the content of files go another way as well. */
    @ParameterizedTest
    @CsvSource({"ENOSYS, true", "EPERM, true", "EACCES, true", "EACCES, false"})
    void withoutFilesInMemoryOneWithoutANameServes(String error, boolean all) throws Exception {
        Namespacing.assumeHas(Feature.ROOT);
        List<String> prefix = List.of(refusing(error, all).toString());
        Path place = Files.createDirectory(directory.resolve("place"));
        String output = run(prefix, java("-Dcorral.launcher.dir=" + place));
        assertStarted(output);
        assertThat(output).contains("open: " + place);
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void withoutFilesInMemoryTheTemporaryDirectoryServesToo() throws Exception {
        Namespacing.assumeHas(Feature.ROOT);
        Path place = Files.createDirectory(directory.resolve("place"));
        String output = run(List.of(refusing("ENOSYS", true).toString()), java("-Djava.io.tmpdir=" + place));
        assertStarted(output);
        assertThat(output).contains("open: " + place);
    }

    /** All but MFD_EXEC is as ever where it is not all: vm.memfd_noexec=2 does that. */
    private Path refusing(String error, boolean all) throws Exception {
        return Shim.ofAnything(
                directory, error, List.of("memfd_create"), all ? new String[0] : new String[] {"-DONLY_WITH=16"});
    }

    @Test
    void theKernelsOwnSwitchAgainstExecutableFilesInMemoryIsMet() throws Exception {
        Privilege.SYS_ADMIN.assumeForTheHost(); // it is set in a pid namespace, but the file belongs to the host's root
        Namespacing.assumeHas(Feature.NAMESPACES_WITHOUT_USER);
        assumeThat(Files.exists(Path.of("/proc/sys/vm/memfd_noexec")))
                .as("this kernel has no vm.memfd_noexec")
                .isTrue();
        Path place = Files.createDirectory(directory.resolve("place"));
        List<String> prefix = List.of(
                "unshare",
                "--pid",
                "--fork",
                "--mount-proc",
                "sh",
                "-c",
                "echo 2 > /proc/sys/vm/memfd_noexec && exec \"$0\" \"$@\"");
        String output = run(prefix, java("-Dcorral.launcher.dir=" + place));
        assertStarted(output);
        assertThat(output).contains("open: " + place).doesNotContain("/memfd:corral-launcher");
    }

    @Test
    void whereNothingMayBeExecutedEachAttemptIsNamed() throws Exception {
        Namespacing.assumeHas(Feature.NAMESPACES_WITHOUT_USER);
        Path shim = refusing("EACCES", false);
        Path place = Files.createDirectory(directory.resolve("place"));
        // A JVM wants a place of its own to unpack JNA to.
        Path unpack = Files.createDirectory(directory.resolve("unpack"));
        String script = "mount --bind " + place + " " + place + " && mount -o remount,bind,noexec " + place
                + " && mount -t tmpfs -o noexec none /dev/shm && exec \"$0\" \"$@\"";
        String output = run(
                List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, shim.toString()),
                java(
                        "-Dcorral.launcher.dir=" + place,
                        "-Djava.io.tmpdir=" + directory.resolve("missing"),
                        "-Djna.tmpdir=" + unpack));
        assertThat(output)
                .contains("unavailable: no place to run the launcher from: memfd_create")
                .contains("EACCES")
                .contains("corral.launcher.dir " + place + ": it is mounted noexec")
                .contains("java.io.tmpdir " + directory.resolve("missing") + ": ")
                .contains("memory /dev/shm: it is mounted noexec");
        assertThat(place).isEmptyDirectory();
    }
}
