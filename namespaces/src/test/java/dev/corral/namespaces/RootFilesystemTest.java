package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.MNT;
import static dev.corral.namespaces.NamespaceType.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Applied;
import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.ImpossibleLaunch;
import dev.corral.LaunchException;
import dev.corral.MountFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SkippedWhereRefused.class)
class RootFilesystemTest {
    private static final Path DATA = Path.of("/data");

    @TempDir
    Path directory;

    @BeforeEach
    void openTheDirectoryToEveryone() throws IOException {
        Inside.open(directory);
    }

    private static String says(RootFilesystem tree, String script) throws Exception {
        return Inside.says(Isolation.full().root(tree), script);
    }

    @Test
    void theHostSystemHasTheHostsProgramsAndNothingElseOfIt() throws Exception {
        String top =
                says(RootFilesystem.hostSystem(), "cd /; echo *; ls -A /home /root /run /tmp /var/tmp | grep -v :");
        assertThat(top.strip().split("[ \n]+"))
                .contains("bin", "dev", "etc", "home", "lib", "proc", "root", "run", "tmp", "usr", "var")
                .doesNotContain("work", "boot", "srv", "sys", "mnt", "opt");
    }

    @Test
    void theHostSystemIsReadOnlyAndTheRestCanBeWritten() throws Exception {
        assertThat(says(
                        RootFilesystem.hostSystem(),
                        "touch /usr/x /etc/x /bin/x; touch /tmp/x /var/tmp/x /run/x /root/x /x && echo made"))
                .containsPattern("/usr/x.*Read-only")
                .containsPattern("/etc/x.*Read-only")
                .containsPattern("/bin/x.*Read-only")
                .endsWith("made");
    }

    @Test
    void theHostSystemOfAHostThatIsNotMerged() throws Exception {
        Path host = Files.createDirectory(directory.resolve("host"));
        for (String name : List.of("usr/bin", "usr/lib", "bin", "etc", "run/resolve")) {
            Files.createDirectories(host.resolve(name));
        }
        Files.createSymbolicLink(host.resolve("lib"), Path.of("usr/lib"));
        Files.writeString(host.resolve("run/resolve/stub.conf"), "nameserver 127.0.0.53");
        Files.createSymbolicLink(host.resolve("etc/resolv.conf"), Path.of("../run/resolve/stub.conf"));
        assertThat(HostSystem.read(host).toString())
                .contains(host + "/usr on /usr (read-only)", host + "/bin on /bin (read-only)", "/lib -> usr/lib")
                .contains(host + "/run/resolve/stub.conf on /run/resolve/stub.conf (read-only)")
                .doesNotContain("sbin", "lib64");
    }

    @Test
    void theKernelsPathsAreHiddenOrReadOnly() throws Exception {
        String script = "wc -c < /proc/interrupts; wc -c < /proc/keys; ls /sys/firmware | wc -w;"
                + " touch /proc/sys/kernel/shmmax;"
                + " grep -E ' /proc/(sys|irq|sysrq-trigger) ' /proc/self/mounts | cut -d' ' -f4 | cut -d, -f1 | sort -u";
        RootFilesystem tree = RootFilesystem.hostSystem().sysfs();
        assertThat(says(tree, script))
                .startsWith("0\n0\n0\n")
                .containsPattern("shmmax.*Read-only")
                .containsPattern("\nro$");
        assertThat(says(
                        tree.unmasked(),
                        "grep -q CPU0 /proc/interrupts && echo shown; grep -c ' /proc/' /proc/self/mounts"))
                .isEqualTo("shown\n0");
    }

    @Test
    void aDirectoryBecomesTheRoot() throws Exception {
        Path base = Inside.writable(Files.createDirectory(directory.resolve("base")));
        Inside.writable(Files.writeString(base.resolve("hello"), "world"));
        assertThat(says(withPrograms(RootFilesystem.from(base)), "cat /hello; echo; echo /*; echo new > /new"))
                .startsWith("world\n")
                .contains("/dev")
                .contains("/hello")
                .contains("/proc");
        assertThat(base.resolve("new")).content().isEqualTo("new\n");
    }

    /** The least that a shell takes, from the host. */
    private static RootFilesystem withPrograms(RootFilesystem tree) {
        RootFilesystem with = tree.bindReadOnly(Path.of("/usr"), Path.of("/usr"));
        for (String name : List.of("bin", "lib", "lib64")) {
            Path path = Path.of("/" + name);
            if (Files.isSymbolicLink(path)) {
                with = with.symlink(path, "usr/" + name);
            } else if (Files.exists(path)) {
                with = with.bindReadOnly(path, path);
            }
        }
        return with;
    }

    @Test
    void anOverlayThrowsItsChangesAwayOrKeepsThem() throws Exception {
        Path lower = Inside.writable(Files.createDirectory(directory.resolve("lower")));
        Inside.writable(Files.writeString(lower.resolve("file"), "below"));
        assertThat(says(withPrograms(RootFilesystem.overlay(List.of(lower))), "cat /file; echo x > /new && ls /new"))
                .isEqualTo("below/new");
        assertThat(lower.resolve("new")).doesNotExist();
        assertThat(says(
                        RootFilesystem.hostSystem().overlay(DATA, List.of(lower)),
                        "cat /data/file; echo x > /data/new && cat /data/new"))
                .isEqualTo("belowx");
        assertThat(lower.resolve("file")).content().isEqualTo("below");
    }

    @Test
    void bindsShowTheHostsFiles() throws Exception {
        Path shared = Inside.writable(Files.createDirectory(directory.resolve("shared")));
        Inside.writable(Files.writeString(shared.resolve("file"), "content"));
        RootFilesystem tree = RootFilesystem.hostSystem()
                .bind(shared, DATA)
                .bindReadOnly(shared, Path.of("/fixed"))
                .bind(shared, Path.of("/noexec"), Set.of(MountFlag.NOEXEC));
        assertThat(
                        says(
                                tree,
                                "cat /data/file; touch /data/new && echo; touch /fixed/new;"
                                        + " grep -E ' /(data|fixed|noexec) ' /proc/self/mounts | cut -d' ' -f4 | cut -d, -f1-4"))
                .startsWith("content\n")
                .containsPattern("/fixed/new.*Read-only")
                .containsPattern("(?m)^rw,nosuid,nodev")
                .containsPattern("(?m)^ro,nosuid,nodev")
                .containsPattern("(?m)^rw,noexec");
        assertThat(shared.resolve("new")).exists();
    }

    @Test
    void whatNeedNotBeThereIsLeftOutAndTold() {
        Path there = directory.resolve("there");
        RootFilesystem tree = RootFilesystem.hostSystem()
                .bindIfPresent(directory.resolve("gone"), DATA)
                .bindReadOnlyIfPresent(directory, Path.of("/there"));
        assertThat(there).doesNotExist();
        try (Child child = Command.of("cat").with(Isolation.full().root(tree)).start()) {
            assertThat(child.applied().dropped()).singleElement().satisfies(entry -> {
                assertThat(entry.feature()).isEqualTo("bind");
                assertThat(entry.requested()).isEqualTo(directory.resolve("gone") + " on /data");
                assertThat(entry.note()).isEqualTo("left out: there is no " + directory.resolve("gone"));
            });
            assertThat(child.applied().entries())
                    .filteredOn(Applied.Entry::enforced)
                    .hasSize(1);
        }
        Isolation strict = Isolation.full().root(RootFilesystem.hostSystem().bind(directory.resolve("gone"), DATA));
        assertThatThrownBy(() -> Command.of("cat").with(strict).start())
                .isInstanceOf(LaunchException.class)
                .hasMessageContaining(directory.resolve("gone").toString())
                .hasMessageContaining("ENOENT");
    }

    @Test
    void filesDirectoriesLinksAndMemoryAreMade() throws Exception {
        RootFilesystem tree = RootFilesystem.hostSystem()
                .file(Path.of("/etc/hosts"), "127.0.0.1 me\n")
                .file(Path.of("/run/secret"), new byte[] {'x'}, 0400)
                .directory(Path.of("/srv/deep"), 0710)
                .symlink(Path.of("/srv/link"), "deep")
                .tmpfs(Path.of("/small"), ByteSize.mebibytes(1), 0700)
                .mqueue(Path.of("/dev/mqueue"))
                .cgroup2(Path.of("/cg"));
        assertThat(
                        says(
                                tree,
                                "cat /etc/hosts; stat -c %a /run/secret /srv/deep /small; readlink /srv/link;"
                                        + " df -k /small | tail -1 | tr -s ' ' | cut -d' ' -f2; test -e /cg/cgroup.procs && echo cg"))
                .isEqualTo("127.0.0.1 me\n400\n710\n700\ndeep\n1024\ncg");
    }

    @Test
    void masksAndAReadOnlyRootComeLast() throws Exception {
        RootFilesystem tree = RootFilesystem.hostSystem()
                .readOnlyRoot()
                .mask(Path.of("/srv/secret"))
                .readOnly(Path.of("/srv/fixed"))
                .file(Path.of("/srv/secret"), "hidden")
                .tmpfs(Path.of("/srv/fixed"));
        assertThat(says(tree, "wc -c < /srv/secret; touch /srv/fixed/x; touch /x; touch /tmp/x && echo made"))
                .startsWith("0\n")
                .containsPattern("/srv/fixed/x.*Read-only")
                .containsPattern("(?m) '?/x'?: Read-only")
                .endsWith("made");
    }

    @Test
    void whatIsTakenOutAgainIsNotThere() throws Exception {
        RootFilesystem tree =
                RootFilesystem.hostSystem().without(Path.of("/etc")).without(Path.of("/dev"));
        assertThat(says(tree, "ls -d /etc /dev 2>&1 | grep -c 'No such file'")).isEqualTo("2");
        assertThat(RootFilesystem.empty().tmpfs(DATA).without(DATA)).isEqualTo(RootFilesystem.empty());
    }

    @Test
    void aBareUnshareMountsNoProcOfItsOwnAccord() throws Exception {
        Isolation bare = Namespaces.unshare(MNT, USER).root(RootFilesystem.hostSystem());
        assertThat(Inside.says(bare, "ls -d /proc /usr 2>&1 | tail -1")).isEqualTo("/usr");
        Isolation wanting =
                Namespaces.unshare(MNT, USER).root(RootFilesystem.hostSystem().proc());
        assertThatThrownBy(() -> Command.of("true").with(wanting).start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("a new /proc needs a new pid namespace");
    }

    @Test
    void aTreeNeedsAMountNamespaceAndOnlyOneConfinementChoosesIt() {
        Isolation shared = Isolation.full().without(MNT).root(RootFilesystem.hostSystem());
        assertThatThrownBy(() -> Command.of("true").with(shared).start())
                .isInstanceOf(ImpossibleLaunch.class)
                .hasMessageContaining("needs a new mnt namespace");
    }

    @Test
    void aPlantedLinkDoesNotLeadAMountOutside() throws Exception {
        Path outside = Inside.writable(Files.createDirectory(directory.resolve("outside")));
        Path base = Inside.writable(Files.createDirectory(directory.resolve("base")));
        Files.createSymbolicLink(base.resolve("data"), outside);
        RootFilesystem tree = withPrograms(RootFilesystem.from(base)).directory(Path.of("/data/made"), 0755);
        assertThatThrownBy(() -> says(tree, "true")).isInstanceOf(LaunchException.class);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void badValuesAreRefusedWhereTheyAreGiven() {
        RootFilesystem tree = RootFilesystem.empty();
        assertThatThrownBy(() -> tree.bind(directory, Path.of("data"))).hasMessageContaining("absolute");
        assertThatThrownBy(() -> tree.tmpfs(Path.of("/a/../b"))).hasMessageContaining("absolute");
        assertThatThrownBy(() -> tree.directory(DATA, 010000)).hasMessageContaining("07777");
        assertThatThrownBy(() -> tree.symlink(DATA, "")).hasMessageContaining("point to something");
        assertThatThrownBy(() -> RootFilesystem.overlay(List.of())).hasMessageContaining("lower directory");
    }

    @Test
    void treesThatAskForTheSameAreEqualAndTellNoSecrets() {
        RootFilesystem one = RootFilesystem.from(directory).file(DATA, "s3cret").bind(directory, Path.of("/x"));
        RootFilesystem two = RootFilesystem.from(directory).file(DATA, "s3cret").bind(directory, Path.of("/x"));
        assertThat(one).isEqualTo(two).hasSameHashCodeAs(two).isNotEqualTo(two.file(DATA, "other"));
        assertThat(one.readOnlyRoot().mask(DATA).unmasked())
                .hasToString("RootFilesystem[" + directory + "; dev on /dev; file /data; " + directory
                        + " on /x; /data masked; unmasked; root read-only]");
    }
}
