package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.testing.CProgram;
import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories as roots that somebody hostile has filled: whatever is in them, nothing outside is mounted on, made or changed. */
class HostileRootTest {
    private static final int ROUNDS = 60;
    private static final String SWAPPER = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stdio.h>

            int main(int count, char **words)
            {
                while (count == 3 && renameat2(AT_FDCWD, words[1], AT_FDCWD, words[2], RENAME_EXCHANGE) == 0)
                    ;
                return 1;
            }
            """;
    private static final String EVERYBODY = "rwxrwxrwx";
    private static final Set<MountFlag> READ_ONLY = Set.of(MountFlag.READ_ONLY);

    @TempDir
    Path directory;

    private Leftovers before = Leftovers.before();
    private Map<String, String> outsideBefore = Map.of();

    /** Before anything is looked at. */
    void prepare() throws Exception {}

    /** Another route to the same end begins here. */
    Child start(Command command) {
        return command.start();
    }

    /** Beside the root there is what must not be touched: {@code outside}, with a file and a directory. */
    @BeforeEach
    void lookAround() throws Exception {
        prepare();
        open(directory);
        Path outside = open(Files.createDirectory(directory.resolve("outside")));
        open(Files.writeString(outside.resolve("file"), "untouched"));
        open(Files.createDirectory(outside.resolve("directory")));
        Path root = open(Files.createDirectory(directory.resolve("root")));
        for (String top : new String[] {"bin", "lib", "lib64"}) {
            if (Files.isSymbolicLink(Path.of("/" + top))) {
                Files.createSymbolicLink(root.resolve(top), Path.of("usr/" + top));
            }
        }
        open(Files.createDirectory(root.resolve("usr")));
        outsideBefore = outside();
        before = Leftovers.before();
        Namespacing.assumeHas(Feature.ROOT);
    }

    @AfterEach
    void lookAgain() throws Exception {
        try (Stream<Path> all = Files.walk(root())) {
            for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link); // JUnit warns of each that leads out
            }
        }
        before.assertNothingIsLeft();
        assertThat(outside()).isEqualTo(outsideBefore);
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory.toString());
    }

    private static Path open(Path path) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(EVERYBODY));
    }

    /** All that is there and when it was changed. */
    private Map<String, String> outside() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory.resolve("outside"))) {
            for (Path path : all.toList()) {
                FileTime changed = (FileTime) Files.getAttribute(path, "unix:ctime");
                found.put(path.toString(), changed + (Files.isRegularFile(path) ? Files.readString(path) : ""));
            }
        }
        return found;
    }

    private Path root() {
        return directory.resolve("root");
    }

    private Command shell(Consumer<RootPlan> more, String script) {
        return Command.of("/bin/sh", "-c", script)
                .errorIntoOutput()
                .with(Namespacing.all(false))
                .with(launch -> {
                    RootPlan plan = launch.root().directory(root());
                    plan.bind(Path.of("/usr"), Path.of("/usr"), READ_ONLY);
                    for (String top : new String[] {"/bin", "/lib", "/lib64"}) {
                        if (!Files.isSymbolicLink(Path.of(top)) && Files.isDirectory(Path.of(top))) {
                            plan.bind(Path.of(top), Path.of(top), READ_ONLY);
                        }
                    }
                    more.accept(plan);
                });
    }

    private String inside(Consumer<RootPlan> more, String script) throws Exception {
        try (Child child = start(shell(more, script))) {
            String output = new String(child.getInputStream().readAllBytes(), UTF_8);
            child.await();
            return output.strip();
        }
    }

    private static String link(String text, Path outside) {
        return text.replace("OUTSIDE", outside.toString());
    }

    /** What each kind of entry does at /trap, which is a link. */
    private static RootPlan all(RootPlan plan, String target) {
        return plan.bind(Path.of("/usr/share"), Path.of(target + "/bound"), Set.of())
                .file(Path.of(target + "/file"), "new".getBytes(UTF_8), 0644)
                .makeDirectory(Path.of(target + "/made"), 0755)
                .symlink(Path.of(target + "/link"), "nowhere")
                .tmpfs(Path.of(target + "/tmpfs"), Optional.empty(), 0755, Set.of())
                .mask(Path.of(target + "/file"))
                .readOnly(Path.of(target + "/made"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "OUTSIDE",
                "../outside",
                "../../../../../../../../../../..OUTSIDE",
                "/../../OUTSIDE",
                "usr/../second",
                "./.././../first"
            })
    void aLinkOnTheWayToATargetLeadsToAPlaceInside(String text) throws Exception {
        Path outside = directory.resolve("outside");
        Files.createSymbolicLink(root().resolve("trap"), Path.of(link(text, outside)));
        Files.createSymbolicLink(root().resolve("second"), Path.of("third"));
        Files.createSymbolicLink(root().resolve("third"), Path.of("/fourth"));
        Files.createSymbolicLink(root().resolve("first"), outside);
        for (String place : new String[] {root() + outside.toString(), root() + "/outside", root() + "/fourth"}) {
            Files.createDirectories(Path.of(place));
            try (Stream<Path> all = Files.walk(root())) {
                for (Path path : all.filter(found -> Files.isDirectory(found, LinkOption.NOFOLLOW_LINKS))
                        .toList()) {
                    open(path);
                }
            }
        }
        assertThat(inside(
                        plan -> all(plan, "/trap"),
                        "cd /trap/ && wc -c < file && readlink link && ls -d bound/doc made tmpfs"))
                .isEqualTo("0\nnowhere\nbound/doc\nmade\ntmpfs");
    }

    @ParameterizedTest
    @CsvSource({"nowhere", "/no/where", "../../nowhere", "OUTSIDE/new", "trap", "/trap/x"})
    void aLinkThatLeadsNowhereIsAnError(String text) throws Exception {
        Files.createSymbolicLink(root().resolve("trap"), Path.of(link(text, directory.resolve("outside"))));
        for (String target : new String[] {"/trap", "/trap/below", "/trap/far/below"}) {
            MountFailed refused = catchThrowableOfType(
                    MountFailed.class,
                    () -> start(shell(plan -> plan.bind(Path.of("/usr"), Path.of(target), Set.of()), "true")));
            assertThat(refused.failure().orElseThrow().errnoName()).isIn("EEXIST", "ELOOP");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"OUTSIDE", "OUTSIDE/directory", "../outside/directory", "/usr", "usr"})
    void aLinkInThePlaceOfAKernelFileSystemIsRefused(String text) throws Exception {
        Path target = Path.of(link(text, directory.resolve("outside")));
        for (String name : new String[] {"dev", "proc", "sys"}) {
            Files.createSymbolicLink(root().resolve(name), target);
        }
        refused("ENOTDIR");
    }

    @Test
    void aFileInThePlaceOfAKernelFileSystemIsRefused() throws Exception {
        for (String name : new String[] {"dev", "proc", "sys"}) {
            open(Files.writeString(root().resolve(name), "file"));
        }
        refused("ENOTDIR");
    }

    private void refused(String errno) {
        assertRefused(plan -> plan.dev(Path.of("/dev")), errno);
        assertRefused(plan -> plan.proc(Path.of("/proc")), errno);
        assertRefused(plan -> plan.sysfs(Path.of("/sys")), errno);
        assertRefused(plan -> plan.tmpfs(Path.of("/dev"), Optional.empty(), 0755, Set.of()), errno);
    }

    private void assertRefused(Consumer<RootPlan> more, String errno) {
        LaunchException refused = catchThrowableOfType(LaunchException.class, () -> start(shell(more, "true")));
        assertThat(refused).isNotNull();
        assertThat(refused.failure().orElseThrow().errnoName()).isEqualTo(errno);
    }

    /** What masks is the host's device, whatever a root file system calls by that name. */
    @Test
    void aFalseNullDeviceMasksNothing() throws Exception {
        Path dev = open(Files.createDirectory(root().resolve("dev")));
        Files.createSymbolicLink(
                dev.resolve("null"), directory.resolve("outside").resolve("file"));
        open(Files.writeString(root().resolve("secret"), "secret"));
        assertThat(inside(plan -> plan.mask(Path.of("/secret")), "cat /secret; echo x > /secret; readlink /dev/null"))
                .isEqualTo(directory.resolve("outside").resolve("file").toString());
        assertThat(root().resolve("secret")).content().isEqualTo("secret");
    }

    @Test
    void theMinimalDevBelievesNothingOfTheOldOne() throws Exception {
        Path dev = open(Files.createDirectory(root().resolve("dev")));
        for (String name : new String[] {"null", "zero", "shm", "pts", "ptmx", "fd", "tty"}) {
            Files.createSymbolicLink(
                    dev.resolve(name), directory.resolve("outside").resolve("directory"));
        }
        assertThat(inside(
                        plan -> plan.dev(Path.of("/dev")),
                        "echo x > /dev/null; stat -c %t:%T /dev/null; readlink /dev/ptmx; touch /dev/shm/x /dev/pts/x;"
                                + " ls /dev/shm"))
                .startsWith("1:3\npts/ptmx\n")
                .endsWith("\nx");
    }

    /** CVE-2024-21626: descriptors that the launcher still has are within reach of a link; some are of the root itself. */
    @Test
    void aWorkingDirectoryThroughADescriptorOfTheLauncherDoesNotLeadOut() throws Exception {
        for (int number = 3; number < 40; number++) {
            Files.createSymbolicLink(root().resolve("fd" + number), Path.of("/proc/self/fd/" + number));
        }
        for (int number = 3; number < 40; number++) {
            Path work = Path.of("/fd" + number);
            Command command = shell(
                            plan -> Namespacing.proc(plan)
                                    .bind(directory.resolve("outside"), Path.of("/bound"), Set.of()),
                            "[ . -ef \"$(/bin/pwd -P)\" ] && echo inside")
                    .directory(work);
            try (Child child = start(command)) {
                assertThat(new String(child.getInputStream().readAllBytes(), UTF_8))
                        .as("working directory " + work)
                        .isEqualTo("inside\n");
            } catch (ExecFailed refused) {
                assertThat(refused.failure().orElseThrow().step()).startsWith("cwd");
            }
            Files.delete(root().resolve("fd" + number));
        }
    }

    /** A terminal is of the devpts inside, or there is none. */
    @ParameterizedTest
    @ValueSource(strings = {"OUTSIDE/file", "/proc/self/fd/3", "/dev/null", "nowhere"})
    void aFalsePtmxIsNoTerminal(String text) throws Exception {
        Path dev = open(Files.createDirectory(root().resolve("dev")));
        Files.createSymbolicLink(dev.resolve("ptmx"), Path.of(link(text, directory.resolve("outside"))));
        Command command = shell(plan -> Namespacing.proc(plan), "true").terminal(new Terminal.Size(80, 24));
        LaunchException refused = catchThrowableOfType(LaunchException.class, () -> start(command));
        assertThat(refused).isNotNull();
        assertThat(refused.failure().orElseThrow().step()).isEqualTo("tty");
    }

    /** CVE-2021-30465, CVE-2024-45310: a directory becomes a link to the outside and back, all the time. */
    @Test
    void placesThatAreSwappedMeanwhileNeverLeadOut() throws Exception {
        Path link = Files.createSymbolicLink(root().resolve("link"), directory.resolve("outside"));
        Path swapped = open(Files.createDirectory(root().resolve("swapped")));
        open(Files.createDirectory(swapped.resolve("place")));
        Process swapper = new ProcessBuilder(
                        CProgram.compile(directory, "swapper", SWAPPER).toString(), swapped.toString(), link.toString())
                .start();
        int started = 0;
        int refused = 0;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                String place = "/swapped/" + (round % 2 == 0 ? "place" : "directory");
                String script = "cat /proc/self/mountinfo | grep -c outside";
                try {
                    assertThat(inside(plan -> Namespacing.proc(all(plan, place)), script))
                            .isEqualTo("0");
                    started++;
                } catch (LaunchException raced) {
                    assertThat(raced.failure().orElseThrow().errnoName())
                            .isIn("EEXIST", "ENOENT", "ENOTDIR", "EAGAIN", "ELOOP", "EINVAL");
                    refused++;
                }
            }
        } finally {
            swapper.destroyForcibly().waitFor();
        }
        assertThat(started + refused).isEqualTo(ROUNDS);
        assertThat(swapper.exitValue()).as("it swapped to the end").isEqualTo(128 + 9);
    }
}
