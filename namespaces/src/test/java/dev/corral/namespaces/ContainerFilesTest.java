package dev.corral.namespaces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Confinement;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.network.ReadableJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SkippedWhereRefused.class)
class ContainerFilesTest {
    @TempDir
    Path host;

    @BeforeEach
    void openTheDirectoryToEveryone() throws IOException {
        Inside.open(host);
    }

    private static Child sandbox() {
        return started(Isolation.sandbox());
    }

    private static Child started(Confinement confinement) {
        return Command.of("cat").with(confinement).start();
    }

    /** Runs something in the child, and waits until it is done. */
    private static String in(Child child, String script) throws Exception {
        try (Child other = child.exec(Command.of("/bin/sh", "-c", script).errorIntoOutput())) {
            String output = new String(other.getInputStream().readAllBytes(), UTF_8);
            other.await();
            return output.stripTrailing();
        }
    }

    @Test
    void aFileGoesInAndBelongsToRootThere() throws Exception {
        Path script = Files.writeString(host.resolve("script"), "echo hello");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-x---"));
        try (Child child = sandbox()) {
            Copied copied = ContainerFiles.of(child).copyIn(script, Path.of("/tmp/inside"));
            assertThat(copied).isEqualTo(new Copied(1, 0, 0, ByteSize.bytes(10), List.of()));
            assertThat(in(child, "stat -c '%u %g %a' /tmp/inside; sh /tmp/inside; ls -A /tmp"))
                    .isEqualTo("0 0 750\nhello\ninside");
        }
    }

    @Test
    void copiesDoNotDependOnClassesThatRootInsideMayNotRead(@TempDir Path classes) throws Exception {
        sandbox().close(); // or skipped: what is refused to the other JVM is not told from a failure
        Files.createSymbolicLink(Files.createDirectory(host.resolve("in")).resolve("link"), Path.of("nowhere"));
        Files.writeString(host.resolve("in/file"), "text");
        List<String> line = ReadableJvm.line(
                classes,
                CopiesInAndOut.class,
                host.resolve("in").toString(),
                host.resolve("out").toString());
        Files.setPosixFilePermissions(classes, PosixFilePermissions.fromString("rwx------"));

        Process jvm = new ProcessBuilder(line).redirectErrorStream(true).start();

        assertThat(new String(jvm.getInputStream().readAllBytes(), UTF_8))
                .contains("can't copy to " + host.resolve("out") + " from /tmp/nothing of ");
        assertThat(jvm.waitFor()).isZero();
        assertThat(host.resolve("out/file")).hasContent("text");
    }

    @Test
    void aFileComesOutAndBelongsToTheJvmsUser() throws Exception {
        try (Child child = sandbox()) {
            in(child, "echo result > /tmp/result; chmod 4711 /tmp/result");
            ContainerFiles.of(child).copyOut(Path.of("/tmp/result"), host.resolve("result"));
        }
        assertThat(host.resolve("result")).content().isEqualTo("result\n");
        assertThat(Files.getAttribute(host.resolve("result"), "unix:mode")).isEqualTo(0100711);
        assertThat(Files.getAttribute(host.resolve("result"), "unix:uid")).isEqualTo(LibC.effectiveUser());
    }

    @Test
    void treesGoBothWays() throws Exception {
        Path tree = host.resolve("tree");
        Files.createDirectories(tree.resolve("a/b"));
        Files.writeString(tree.resolve("a/file"), "x".repeat(3_000_000));
        Files.writeString(tree.resolve("a/empty"), "");
        Files.createSymbolicLink(tree.resolve("a/b/link"), Path.of("../file"));
        try (Child child = sandbox()) {
            ContainerFiles files = ContainerFiles.of(child);
            assertThat(files.copyIn(tree, Path.of("/root/tree")))
                    .isEqualTo(new Copied(2, 3, 1, ByteSize.bytes(3_000_000), List.of()));
            assertThat(in(child, "wc -c < /root/tree/a/b/link")).isEqualTo("3000000");
            in(child, "mkfifo /root/tree/pipe; echo more > /root/tree/a/empty");
            Copied out = files.copyOut(Path.of("/root/tree"), host.resolve("back"));
            assertThat(out.skipped()).containsExactly("/root/tree/pipe");
            assertThat(host.resolve("back/a/empty")).content().isEqualTo("more\n");
            assertThat(Files.readSymbolicLink(host.resolve("back/a/b/link"))).isEqualTo(Path.of("../file"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gr\u00f6\u00dfe", "\udcff\udcfe"})
    void anyNameIsCopied(String odd) throws Exception {
        Path tree = Files.createDirectory(host.resolve("tree"));
        Files.writeString(FileNames.in(tree, odd), "text");
        Files.createSymbolicLink(tree.resolve("link"), FileNames.path(odd));
        try (Child child = sandbox()) {
            ContainerFiles files = ContainerFiles.of(child);
            files.copyIn(tree, FileNames.path("/tmp/" + odd));
            assertThat(in(child, "cat /tmp/*/link")).isEqualTo("text");
            Copied out = files.copyOut(FileNames.path("/tmp/" + odd), host.resolve("back"));
            assertThat(out).isEqualTo(new Copied(1, 1, 1, ByteSize.bytes(4), List.of()));
        }
        assertThat(FileNames.in(host.resolve("back"), odd)).content().isEqualTo("text");
        assertThat(host.resolve("back/link")).content().isEqualTo("text");
    }

    @Test
    void aDirectoryThatIsThereIsFilled() throws Exception {
        Path tree = Files.createDirectory(host.resolve("tree"));
        Files.writeString(tree.resolve("one"), "new");
        try (Child child = sandbox()) {
            in(child, "mkdir /tmp/tree; echo old > /tmp/tree/one; echo kept > /tmp/tree/two");
            ContainerFiles.of(child).copyIn(tree, Path.of("/tmp/tree"));
            assertThat(in(child, "cat /tmp/tree/one; echo; cat /tmp/tree/two")).isEqualTo("new\nkept");
        }
    }

    @Test
    void linksOnTheWayMeanWhatTheyMeanInside() throws Exception {
        Path victim = Files.createDirectory(host.resolve("victim"));
        Inside.writable(victim);
        Path file = Files.writeString(host.resolve("file"), "content");
        try (Child child = sandbox()) {
            in(child, "ln -s " + victim + " /tmp/absolute; ln -s ../../../../../../.." + victim + " /tmp/up");
            for (String link : List.of("/tmp/absolute/x", "/tmp/up/x")) {
                assertThatThrownBy(() -> ContainerFiles.of(child).copyIn(file, Path.of(link)))
                        .isInstanceOf(CopyFailed.class)
                        .hasMessageContaining("ENOENT");
            }
            in(child, "mkdir -p " + victim);
            ContainerFiles.of(child).copyIn(file, Path.of("/tmp/up/x"));
            assertThat(in(child, "cat " + victim + "/x")).isEqualTo("content");
        }
        assertThat(victim).isEmptyDirectory();
    }

    @Test
    void whatIsNamedIsNeverFollowed() throws Exception {
        Path secret = Files.writeString(host.resolve("secret"), "secret");
        try (Child child = sandbox()) {
            ContainerFiles files = ContainerFiles.of(child);
            in(child, "ln -s " + secret + " /tmp/link; ln -s " + secret + " /tmp/target");
            files.copyOut(Path.of("/tmp/link"), host.resolve("out"));
            assertThat(host.resolve("out")).isSymbolicLink();
            files.copyIn(Files.writeString(host.resolve("new"), "new"), Path.of("/tmp/target"));
            assertThat(in(child, "cat /tmp/target; test -L /tmp/target || echo file"))
                    .isEqualTo("newfile");
        }
        assertThat(secret).content().isEqualTo("secret");
    }

    @Test
    void aLinkThatCameOutIsNotWrittenThroughByTheNextCopy() throws Exception {
        Path victim = Inside.writable(Files.createDirectory(host.resolve("victim")));
        Files.writeString(victim.resolve("file"), "mine");
        try (Child child = sandbox()) {
            ContainerFiles files = ContainerFiles.of(child);
            in(child, "mkdir /tmp/d; ln -s " + victim + " /tmp/d/sub; ln -s " + victim + "/file /tmp/d/file");
            files.copyOut(Path.of("/tmp/d"), host.resolve("out"));
            in(child, "rm /tmp/d/*; mkdir /tmp/d/sub; echo evil > /tmp/d/sub/file; echo evil > /tmp/d/file");
            assertThatThrownBy(() -> files.copyOut(Path.of("/tmp/d"), host.resolve("out")))
                    .isInstanceOf(CopyFailed.class)
                    .hasMessageContaining("EEXIST");
            in(child, "rm -r /tmp/d/sub");
            files.copyOut(Path.of("/tmp/d"), host.resolve("out"));
            assertThat(host.resolve("out/file")).isRegularFile().content().isEqualTo("evil\n");
        }
        assertThat(victim.resolve("file")).content().isEqualTo("mine");
        assertThat(victim).isDirectoryNotContaining(path -> !path.endsWith("file"));
    }

    @Test
    void linksThatComeAndGoMeanwhileChangeNothingOutside() throws Exception {
        Path victim = Inside.writable(Files.createDirectory(host.resolve("victim")));
        Files.writeString(victim.resolve("file"), "mine");
        Path tree = Files.createDirectories(host.resolve("tree/d"));
        Files.writeString(tree.resolve("file"), "new");
        String swap =
                "while :; do rm -rf /tmp/t/d; ln -s " + victim + " /tmp/t/d; rm -f /tmp/t/d; mkdir /tmp/t/d; done";
        try (Child child = sandbox()) {
            in(child, "mkdir /tmp/t");
            try (Child hostile = child.exec(Command.of("/bin/sh", "-c", swap))) {
                ContainerFiles files = ContainerFiles.of(child);
                for (int i = 0; i < 300; i++) {
                    try {
                        files.copyIn(tree, Path.of("/tmp/t/d"));
                        files.copyOut(Path.of("/tmp/t"), host.resolve("out"));
                    } catch (CopyFailed lost) {
                        assertThat(lost).hasMessageContaining("/tmp/t");
                    }
                }
                assertThat(hostile.isAlive()).isTrue();
            }
        }
        assertThat(victim.resolve("file")).content().isEqualTo("mine");
        assertThat(victim).isDirectoryNotContaining(path -> !path.endsWith("file"));
    }

    @Test
    void aRootJvmCopiesOutOnlyWhatRootInsideMayRead() {
        Privilege.assumeHostRoot("others are root inside");
        try (Child child = sandbox()) {
            assertThatThrownBy(() -> ContainerFiles.of(child).copyOut(Path.of("/etc/shadow"), host.resolve("shadow")))
                    .isInstanceOf(CopyFailed.class)
                    .hasMessageContaining("EACCES")
                    .hasMessageContaining("rights of root inside");
        }
        assertThat(host.resolve("shadow")).doesNotExist();
        assertThat(Files.exists(host.resolve("shadow"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void theBoundHoldsForACopyAndLeavesNoHalfFile() throws Exception {
        try (Child child = sandbox()) {
            in(child, "mkdir /tmp/d; truncate -s 1T /tmp/d/huge; echo small > /tmp/d/a");
            assertThatThrownBy(() -> ContainerFiles.of(child)
                            .atMost(ByteSize.mebibytes(1))
                            .copyOut(Path.of("/tmp/d"), host.resolve("d")))
                    .isInstanceOf(CopyFailed.class)
                    .hasMessageContaining("more than 1 MiB");
        }
        assertThat(host.resolve("d/huge")).doesNotExist();
    }

    @Test
    void whatCanNotBeWrittenSaysWhy() throws Exception {
        Path file = Files.writeString(host.resolve("file"), "x");
        try (Child child = sandbox()) {
            ContainerFiles files = ContainerFiles.of(child);
            assertThatThrownBy(() -> files.copyIn(file, Path.of("/usr/x")))
                    .isInstanceOf(CopyFailed.class)
                    .hasMessageContaining("EROFS")
                    .hasMessageContaining("read-only for the child");
            assertThatThrownBy(() -> files.copyOut(Path.of("/tmp/no"), host.resolve("no")))
                    .isInstanceOf(CopyFailed.class)
                    .hasMessageContaining("ENOENT; there is nothing of this name in the child");
            assertThatThrownBy(() -> files.copyIn(host.resolve("no"), Path.of("/tmp/no")))
                    .hasMessageContaining("ENOENT; there is nothing of this name on the host");
            assertThatThrownBy(() -> files.copyIn(file, Path.of("/tmp/no/x")))
                    .hasMessageContaining("ENOENT; the directory for the copy has to be there in the child");
            assertThatThrownBy(() -> files.copyOut(Path.of("/tmp"), host.resolve("no/x")))
                    .hasMessageContaining("ENOENT; the directory for the copy has to be there on the host");
            assertThatThrownBy(() -> files.copyIn(host.resolve("no/x"), Path.of("/tmp/no")))
                    .hasMessageContaining("ENOENT; there is nothing of this name on the host");
            assertThatThrownBy(() -> files.copyIn(file, Path.of("tmp"))).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> files.copyOut(Path.of("/"), host.resolve("all")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aChildThatHasEndedHasNoFiles() throws Exception {
        Path file = Files.writeString(host.resolve("file"), "x");
        try (Child child = Command.of("true").with(Isolation.sandbox()).start()) {
            child.await();
            assertThatThrownBy(() -> ContainerFiles.of(child).copyIn(file, Path.of("/tmp/x")))
                    .isInstanceOf(CopyFailed.class)
                    .hasMessageContaining("has ended");
        }
    }

    @Test
    void aChildThatHasNotBegunHasThem() throws Exception {
        assumeThat(Privilege.mayLook())
                .as("needs CAP_SYS_PTRACE: the kernel lets nobody else look into what has not executed its program")
                .isTrue();
        Path file = Files.writeString(host.resolve("file"), "before");
        try (Child child = Command.of("cat", "/tmp/x").with(Isolation.sandbox()).create()) {
            ContainerFiles.of(child).copyIn(file, Path.of("/tmp/x"));
            child.start();
            assertThat(new String(child.getInputStream().readAllBytes(), UTF_8)).isEqualTo("before");
        }
    }

    @Test
    void aTreeFromADirectoryTakesFilesOfRootInside() throws Exception {
        Path shared = Inside.writable(Files.createDirectory(host.resolve("shared")));
        Path file = Files.writeString(host.resolve("file"), "x");
        try (Child child =
                started(Isolation.full().root(RootFilesystem.hostSystem().bind(shared, Path.of("/data"))))) {
            ContainerFiles.of(child).copyIn(file, Path.of("/data/x"));
            assertThat(in(child, "stat -c %u /data/x")).isEqualTo("0");
            in(child, "rm /data/x");
        }
    }

    @Test
    void rootInsideIsFoundInAnIdMap() {
        assertThat(InsideRights.root("         0     524288      65536\n")).hasValue(524288);
        assertThat(InsideRights.root("  5 0 1\n 0 100000 5\n")).hasValue(100000);
        assertThat(InsideRights.root("         0          0 4294967295\n")).isEmpty();
    }
}
