package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.testing.Leftovers;
import dev.corral.testing.Namespacing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File trees of its own for a child, as it sees them from inside. */
class RootPlanTest {
    private static final Set<MountFlag> READ_ONLY = Set.of(MountFlag.READ_ONLY, MountFlag.NOSUID, MountFlag.NODEV);

    @TempDir
    Path directory;

    private Leftovers before = Leftovers.before();

    /** Before anything is looked at. */
    void prepare() throws Exception {}

    /** Another route to the same end begins here. */
    Child start(Command command) {
        return command.start();
    }

    @BeforeEach
    void openTheDirectoryToEveryone() throws Exception {
        prepare();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        before = Leftovers.before();
    }

    @AfterEach
    void lookAgain() {
        before.assertNothingIsLeft();
    }

    /** Programs of the host, read-only, in an otherwise empty tree. */
    private static RootPlan host(RootPlan root) {
        root.empty();
        for (String top : List.of("/usr", "/lib", "/lib64", "/bin")) {
            Path path = Path.of(top);
            if (Files.isSymbolicLink(path)) {
                root.symlink(path, "usr/" + path.getFileName());
            } else if (Files.isDirectory(path)) {
                root.bind(path, path, READ_ONLY);
            }
        }
        return root;
    }

    static Command shell(Consumer<RootPlan> more, String script) {
        return Command.of("/bin/sh", "-c", script)
                .errorIntoOutput()
                .with(Namespacing.all(false))
                .with(launch -> more.accept(host(launch.root())));
    }

    private String output(Command command) throws Exception {
        try (Child child = start(command)) {
            String output = new String(child.getInputStream().readAllBytes(), UTF_8);
            child.await();
            return output.strip();
        }
    }

    private String inside(Consumer<RootPlan> more, String script) throws Exception {
        return output(shell(more, script));
    }

    @Test
    void anEmptyRootHoldsWhatIsPutThereAndNothingElse() throws Exception {
        assertThat(inside(root -> Namespacing.proc(root), "echo /*; pwd; cat /proc/self/status | grep -c NSpid"))
                .isEqualTo(
                        (Files.isSymbolicLink(Path.of("/bin")) ? "/bin /lib /lib64 /proc /usr" : "/bin /lib /proc /usr")
                                + "\n/\n1");
    }

    @Test
    void aReadOnlyBindIsReadOnlyForAllThatIsMountedBelow() throws Exception {
        assertThat(inside(root -> {}, "touch /usr/x 2>&1; touch /x && echo made"))
                .contains("Read-only file system")
                .endsWith("made");
    }

    @Test
    void aReadWriteBindIsWrittenThrough() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(inside(root -> root.bind(shared, Path.of("/mnt/deep/er"), Set.of()), "echo hi > /mnt/deep/er/file"))
                .isEmpty();
        assertThat(shared.resolve("file")).content().isEqualTo("hi\n");
        Files.delete(shared.resolve("file"));
    }

    @Test
    void aFileCanBeBound() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "content");
        assertThat(inside(
                        root -> root.bind(file, Path.of("/etc/bound"), READ_ONLY),
                        "cat /etc/bound; echo x > /etc/bound"))
                .startsWith("content")
                .contains("Read-only file system");
    }

    @Test
    void filesDirectoriesAndLinksAreMade() throws Exception {
        assertThat(
                        inside(
                                root -> Namespacing.proc(root)
                                        .makeDirectory(Path.of("/home/user"), 0700)
                                        .file(Path.of("/etc/secret"), "s3cret".getBytes(UTF_8), 0400)
                                        .symlink(Path.of("/etc/link"), "secret")
                                        .tmpfs(Path.of("/tmp"), Optional.of(ByteSize.mebibytes(1)), 01777, Set.of()),
                                "stat -c '%a' /home/user /etc/secret /tmp; cat /etc/link; df -k /tmp | tail -1 | tr -s ' ' | cut -d' ' -f2"))
                .isEqualTo("700\n400\n1777\ns3cret1024");
    }

    @Test
    void aFileCanBeLaidOverOneThatIsThere() throws Exception {
        Path etc = Files.createDirectory(directory.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), "the host's");
        assertThat(inside(
                        root -> root.bind(etc, Path.of("/etc"), Set.of())
                                .file(Path.of("/etc/passwd"), "mine".getBytes(UTF_8), 0644),
                        "cat /etc/passwd"))
                .isEqualTo("mine");
        assertThat(etc.resolve("passwd")).content().isEqualTo("the host's");
    }

    @Test
    void aLargeFileArrivesWhole() throws Exception {
        byte[] content = new byte[5_000_001];
        assertThat(inside(root -> root.file(Path.of("/large"), content, 0644), "wc -c < /large"))
                .isEqualTo("5000001");
        assertThat(inside(root -> root.file(Path.of("/none"), new byte[0], 0644), "wc -c < /none"))
                .isEqualTo("0");
    }

    @Test
    void theMinimalDevIsEnough() throws Exception {
        assertThat(inside(
                        root -> Namespacing.proc(root).dev(Path.of("/dev")),
                        "cd /dev; echo *; head -c 3 zero | od -An -tx1; echo x > null; head -c 1 urandom | wc -c;"
                                + " touch shm/a && echo shm; ls -l ptmx | sed 's/.*-> //'; echo out > stdout"))
                .isEqualTo("fd full null ptmx pts random shm stderr stdin stdout tty urandom zero\n 00 00 00\n1\nshm\n"
                        + "pts/ptmx\nout");
    }

    @Test
    void theKernelsOwnFileSystemsAreMounted() throws Exception {
        Namespacing.assumeHas(Feature.SYSFS);
        assertThat(inside(
                        root -> Namespacing.proc(root)
                                .sysfs(Path.of("/sys"))
                                .mqueue(Path.of("/mq"))
                                .devpts(Path.of("/pts"))
                                .cgroup2(Path.of("/cg")),
                        "cut -d' ' -f2,3 /proc/mounts | grep -E '^/(sys|mq|pts|cg) '"))
                .isEqualTo("/sys sysfs\n/mq mqueue\n/pts devpts\n/cg cgroup2");
    }

    @Test
    void whatIsMaskedIsEmptyAndWhatIsReadOnlyStays() throws Exception {
        assertThat(inside(
                        root -> Namespacing.proc(root)
                                .file(Path.of("/secret"), "x".getBytes(UTF_8), 0644)
                                .makeDirectory(Path.of("/d/e"), 0755)
                                .mask(Path.of("/proc/uptime"))
                                .mask(Path.of("/secret"))
                                .mask(Path.of("/d"))
                                .mask(Path.of("/not/there"))
                                .readOnly(Path.of("/proc/sys")),
                        "wc -c < /proc/uptime; wc -c < /secret; ls /d; touch /d/x; echo 1 > /proc/sys/kernel/shmmax"))
                .startsWith("0\n0\n")
                .containsPattern("/d/x.*Read-only")
                .containsPattern("shmmax.*Read-only");
    }

    @Test
    void aReadOnlyRootTakesNothing() throws Exception {
        assertThat(inside(
                        root -> root.tmpfs(Path.of("/tmp"), Optional.empty(), 01777, Set.of())
                                .readOnly(),
                        "touch /x; touch /tmp/x && echo tmp"))
                .contains("Read-only file system")
                .endsWith("tmp");
    }

    @Test
    void anOverlayKeepsTheLowerDirectory() throws Exception {
        Path lower = Files.createDirectory(directory.resolve("low:er"));
        Files.writeString(lower.resolve("file"), "below");
        Files.setPosixFilePermissions(lower, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(inside(
                        root -> root.temporaryOverlay(Path.of("/data"), List.of(lower)),
                        "cat /data/file; echo; echo changed > /data/new && cat /data/new"))
                .isEqualTo("below\nchanged");
        assertThat(lower.resolve("new")).doesNotExist();
        assertThat(inside(
                        root -> root.overlay(Path.of("/data"), List.of(lower), Optional.empty(), Optional.empty()),
                        "cat /data/file; touch /data/new"))
                .startsWith("below")
                .contains("Read-only");
    }

    @Test
    void anOverlayMayHaveManyDirectories() throws Exception {
        List<Path> layers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Path layer = Files.createDirectory(directory.resolve("layer,:\\" + i));
            Files.setPosixFilePermissions(layer, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(layer.resolve("file" + i), "");
            Files.writeString(layer.resolve("same"), "of " + i);
            layers.add(layer);
        }
        assertThat(inside(root -> root.temporaryOverlay(Path.of("/data"), layers), "ls /data | wc -l; cat /data/same"))
                .isEqualTo("61\nof 0");
    }

    @Test
    void anOverlayCanBeTheRoot() throws Exception {
        Path base = Files.createDirectory(directory.resolve("base"));
        Files.writeString(base.resolve("hello"), "world");
        Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwxrwxrwx"));
        Command command = Command.of("/bin/sh", "-c", "cat /hello; echo; touch /here && echo /*")
                .errorIntoOutput()
                .with(Namespacing.all(false))
                .with(launch -> {
                    RootPlan root = launch.root().empty().temporaryOverlay(Path.of("/"), List.of(base));
                    for (String top : List.of("/usr", "/lib", "/lib64", "/bin")) {
                        if (Files.isSymbolicLink(Path.of(top))) {
                            root.symlink(Path.of(top), "usr" + top);
                        } else if (Files.isDirectory(Path.of(top))) {
                            root.bind(Path.of(top), Path.of(top), READ_ONLY);
                        }
                    }
                });
        assertThat(output(command)).startsWith("world\n/bin /hello /here /lib");
        assertThat(base.resolve("here")).doesNotExist();
        assertThat(base.resolve("usr")).doesNotExist();
    }

    @Test
    void aDirectoryCanBeTheRoot() throws Exception {
        Path base = Files.createDirectory(directory.resolve("base"));
        for (String name : List.of("usr", "bin", "lib", "lib64")) {
            Path path = Path.of("/" + name);
            if (Files.isSymbolicLink(path)) {
                Files.createSymbolicLink(base.resolve(name), Path.of("usr/" + name));
            } else {
                Files.createDirectory(base.resolve(name));
            }
        }
        Command command = Command.of("/bin/sh", "-c", "echo /*; touch /x")
                .errorIntoOutput()
                .with(Namespacing.all(false))
                .with(launch -> {
                    RootPlan root = launch.root().directory(base).readOnly();
                    for (String top : List.of("/usr", "/lib", "/lib64", "/bin")) {
                        if (!Files.isSymbolicLink(Path.of(top)) && Files.isDirectory(Path.of(top))) {
                            root.bind(Path.of(top), Path.of(top), READ_ONLY);
                        }
                    }
                });
        assertThat(output(command)).startsWith("/bin /lib /lib64 /usr").contains("Read-only file system");
    }

    @Test
    void aWorkingDirectoryLiesInside() throws Exception {
        Command command =
                shell(root -> root.makeDirectory(Path.of("/work"), 0755), "pwd").directory(Path.of("/work"));
        assertThat(output(command)).isEqualTo("/work");
        ExecFailed refused = catchThrowableOfType(
                ExecFailed.class, () -> start(shell(root -> {}, "pwd").directory(directory)));
        assertThat(refused.failure().orElseThrow().step()).isEqualTo("cwd");
        assertThat(refused).hasMessageContaining(directory.toString());
    }

    @Test
    void whatIsMissingIsNamed() {
        Namespacing.assumeHas(Feature.USER_NAMESPACE);
        MountFailed target = catchThrowableOfType(
                MountFailed.class,
                () -> start(shell(root -> root.bind(Path.of("/usr"), Path.of("/usr/no/such"), Set.of()), "true")));
        assertThat(target.failure().orElseThrow().step()).isEqualTo("mount");
        assertThat(target).hasMessageContaining("bind /usr/no/such").hasMessageContaining("EROFS");
        LaunchException source = catchThrowableOfType(
                LaunchException.class,
                () -> shell(root -> root.bind(directory.resolve("gone"), Path.of("/x"), Set.of()), "true")
                        .start());
        assertThat(source)
                .hasMessageContaining(directory.resolve("gone").toString())
                .hasMessageContaining("ENOENT");
    }

    /** The place where such a file is made first once lay over /proc. */
    @Test
    void inTheJvmsOwnTreeAFileOrAnOverlayHidesNothingElse() throws Exception {
        Namespacing.assumeHas(Feature.PROC);
        Path lower = Files.createDirectory(directory.resolve("lower"));
        Files.setPosixFilePermissions(lower, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path file = Files.writeString(directory.resolve("file"), "the host's");
        Command command = Command.of(
                        "/bin/sh",
                        "-c",
                        "pwd; cat " + file + "; echo; wc -c < /proc/uptime; cat /proc/$$/comm; "
                                + "cat /proc/1/task/1/comm; grep -c corral-never " + lower
                                + "/x; ls /proc/$$/task | wc -l")
                .errorIntoOutput()
                .with(Namespacing.all(false))
                .with(launch -> launch.root()
                        .file(file, "mine".getBytes(UTF_8), 0644)
                        .temporaryOverlay(lower, List.of(lower))
                        .mask(Path.of("/proc/uptime"))
                        .proc(Path.of("/proc"))
                        .mask(Path.of("/proc/uptime")));
        assertThat(output(command))
                .startsWith(Path.of("").toAbsolutePath() + "\nmine\n0\nsh\ncorral-init\n")
                .endsWith("\n1");
        assertThat(file).content().isEqualTo("the host's");
    }

    /** The procfs through which the score is written once was the one through which files are mounted. */
    @Test
    void aScoreAndATerminalGoTogetherWithFilesThatAreMounted() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "the host's");
        Command command = shell(
                        root -> Namespacing.proc(root.bind(directory, directory, Set.of())
                                .file(file, "mine".getBytes(UTF_8), 0644)
                                .dev(Path.of("/dev"))),
                        "cat " + file + " /proc/self/oom_score_adj; tty")
                .with(Scheduling.inherited().oomScoreAdj(500))
                .terminal(new Terminal.Size(80, 24));
        try (Child child = start(command)) {
            assertThat(new String(child.getInputStream().readAllBytes(), UTF_8)).isEqualTo("mine500\r\n/dev/pts/0\r\n");
        }
    }

    @Test
    void launchesThatMakeTheSameDirectoriesDoNotHinderEachOther() throws Exception {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        for (int round = 0; round < 10; round++) {
            String target = "/mnt/round" + round + "/a/b/c/d";
            List<Child> children = new ArrayList<>();
            List<CompletableFuture<Child>> launches = new ArrayList<>();
            Command command = shell(
                    root -> root.bind(shared, Path.of("/mnt"), Set.of())
                            .bind(Path.of("/usr"), Path.of(target), READ_ONLY),
                    "ls " + target + "/bin | grep -q . && echo good");
            for (int i = 0; i < 4; i++) {
                launches.add(CompletableFuture.supplyAsync(() -> start(command)));
            }
            for (CompletableFuture<Child> launch : launches) {
                children.add(launch.join());
            }
            for (Child child : children) {
                try (child) {
                    assertThat(new String(child.getInputStream().readAllBytes(), UTF_8))
                            .contains("good");
                }
            }
        }
    }

    @Test
    void badValuesAreRefusedWhereTheyAreGiven() {
        RootPlan root = new RootPlan();
        assertThatThrownBy(() -> root.proc(Path.of("proc"))).hasMessageContaining("absolute path");
        assertThatThrownBy(() -> root.proc(Path.of("/a/../b"))).hasMessageContaining("absolute path");
        assertThatThrownBy(() -> root.makeDirectory(Path.of("/a"), 010000)).hasMessageContaining("mode 10000");
        assertThatThrownBy(() -> root.temporaryOverlay(Path.of("/a"), List.of()))
                .hasMessageContaining("lower");
        assertThatThrownBy(() -> root.temporaryOverlay(Path.of("/a"), Collections.nCopies(129, Path.of("/usr"))))
                .hasMessageContaining("128 at most");
        assertThatThrownBy(() -> root.bind(Path.of("/usr"), Path.of("/"), Set.of()))
                .hasMessageContaining("what covers the root hides all else");
        Command two = Command.of("true").with(launch -> launch.root().empty().directory(Path.of("/usr")));
        assertThatThrownBy(two::start)
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("two confinements choose its root")
                .hasMessageContaining("a file tree of its own needs a new mnt namespace");
    }
}
