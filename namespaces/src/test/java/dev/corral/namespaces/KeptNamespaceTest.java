package dev.corral.namespaces;

import static dev.corral.namespaces.NamespaceType.MNT;
import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.UTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.network.ReadableJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(SkippedWhereRefused.class)
class KeptNamespaceTest {
    private static final int TRIES = 100;

    private static final String WHY = "a bind mount takes CAP_SYS_ADMIN";

    @TempDir
    private Path directory;

    private static void assertNoMountIn(Path directory) throws Exception {
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(directory.toString());
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatIsNotThereIsToBeMadeFirst() {
        Path path = directory.resolve("missing/kept");
        try (NamespaceHandle own = Namespaces.open(ProcessHandle.current().pid(), NamespaceType.NET)) {
            assertThatThrownBy(() -> own.keepAt(path))
                    .isInstanceOf(NamespaceRefused.class)
                    .hasMessageEndingWith(" at " + path + ": there is no such directory: make it first");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"NET", "UTS", "IPC", "CGROUP", "USER"})
    void aPathKeepsANamespaceWithoutAnybodyInItUntilItIsReleased(NamespaceType type) throws Exception {
        Privilege.assumeAdmin(WHY);
        Path path = directory.resolve("kept here");
        Namespace made;
        try (NamespaceHandle handle = Namespaces.create(type)) {
            handle.keepAt(path);
            made = handle.namespace();
        }
        try (NamespaceHandle again = Namespaces.open(path)) {
            assertThat(again.namespace()).isEqualTo(made);
        }
        assertThat(Namespaces.list(type))
                .filteredOn(info -> info.namespace().equals(made))
                .singleElement()
                .satisfies(info -> {
                    assertThat(info.paths()).containsExactly(path);
                    assertThat(info.processes()).isZero();
                    assertThat(info.first()).isEqualTo(Optional.empty());
                    assertThat(info.owner()).isPresent();
                    assertThat(info).hasToString(made + " 0 processes, kept at " + path);
                });
        Namespaces.release(path);
        assertThat(Namespaces.list(type)).noneMatch(info -> info.namespace().equals(made));
        assertNoMountIn(directory);
    }

    /** Opens what is kept at a path, runs work and a child in it, and tells where that was. */
    static final class Another {
        private Another() {}

        public static void main(String[] arguments) throws Exception {
            Path kept = Path.of(arguments[0]);
            try (NamespaceHandle net = Namespaces.open(kept);
                    Child child = Command.of("readlink", "/proc/self/ns/net")
                            .with(Namespaces.join(kept))
                            .start()) {
                System.out.println(net);
                System.out.println(net.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"))));
                System.out.print(new String(child.getInputStream().readAllBytes(), UTF_8));
            }
        }
    }

    @Test
    void anotherJvmOpensWhatIsKept(@TempDir Path classes) throws Exception {
        Privilege.assumeHostRoot(WHY);
        Path path = directory.resolve("kept");
        Namespace made;
        try (NamespaceHandle handle = Namespaces.create(NET)) {
            handle.keepAt(path);
            made = handle.namespace();
        }
        try {
            Process jvm = new ProcessBuilder(ReadableJvm.line(classes, Another.class, path.toString()))
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(jvm.getInputStream().readAllBytes(), UTF_8)).isEqualTo((made + "\n").repeat(3));
            assertThat(jvm.waitFor()).isZero();
        } finally {
            Namespaces.release(path);
        }
        assertNoMountIn(directory);
    }

    /**
     * The kernel lets a mount namespace be kept by an older one only, and tells them apart by numbers that each processor of
     * Linux 6.18 gives out from a stock of its own: which of two is the older is then a matter of where they were made.
     */
    @Test
    void aMountNamespaceIsKeptBelowAPrivateMount() throws Exception {
        Privilege.assumeAdmin(WHY);
        Path path = directory.resolve("kept");
        boolean kept = false;
        for (int i = 0; i < TRIES && !kept; i++) {
            // In a mount namespace of its own, so that what the host's mounts are does not matter.
            kept = Namespaces.unshare(MNT).call(() -> keepsAnother(path));
        }
        assertThat(kept).isTrue();
        assertNoMountIn(directory);
    }

    private static boolean keepsAnother(Path path) {
        try (NamespaceHandle handle = Namespaces.create(MNT)) {
            handle.keepAt(path);
            try (NamespaceHandle again = Namespaces.open(path)) {
                assertThat(again.namespace()).isEqualTo(handle.namespace());
            }
            Namespaces.release(path);
            return true;
        } catch (NamespaceRefused younger) {
            assertThat(younger).hasMessageContaining("only by an older mount namespace");
            return false;
        }
    }

    @Test
    void theJvmsOwnMountNamespaceCanNotBeKeptInItself() throws Exception {
        Privilege.assumeAdmin(WHY);
        try (NamespaceHandle own = Namespaces.open(ProcessHandle.current().pid(), MNT)) {
            assertThatThrownBy(() -> own.keepAt(directory.resolve("kept")))
                    .isInstanceOf(NamespaceRefused.class)
                    .hasMessageContaining("EINVAL: a mount namespace can be kept only below a private mount");
        }
        assertNoMountIn(directory);
    }

    @Test
    void anEmptyFileIsTakenAndNothingElseIs() throws Exception {
        Privilege.assumeAdmin(WHY);
        Path path = Files.createFile(directory.resolve("kept"));
        Path full = Files.writeString(directory.resolve("full"), "text");
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);
        try (NamespaceHandle handle = Namespaces.create(UTS)) {
            handle.keepAt(path);
            assertThatThrownBy(() -> handle.keepAt(path))
                    .isInstanceOf(NamespaceRefused.class)
                    .hasMessageContaining("a namespace is kept there already");
            for (Path other : new Path[] {full, link, directory, directory.resolve("absent/kept")}) {
                assertThatThrownBy(() -> handle.keepAt(other)).isInstanceOf(NamespaceRefused.class);
            }
            assertThatThrownBy(() -> Namespaces.release(link)).isInstanceOf(NamespaceGone.class);
        }
        Namespaces.release(path);
        assertThat(directory).isDirectoryNotContaining(path::equals);
        assertThat(full).hasContent("text");
    }

    @Test
    void whatIsNotKeptCanNotBeReleased() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        for (Path path : new Path[] {file, directory, directory.resolve("absent"), Path.of("/proc/self/ns/net")}) {
            assertThatThrownBy(() -> Namespaces.release(path))
                    .isInstanceOf(NamespaceGone.class)
                    .hasMessageContaining("no namespace is kept at " + path);
        }
        assertThat(file).exists();
    }

    @Test
    void anOrdinaryUserIsToldWhatItTakesAndNothingIsLeft() throws Exception {
        Privilege.assumeNoAdmin("root may do this");
        try (NamespaceHandle handle = Namespaces.create(NET)) {
            assertThatThrownBy(() -> handle.keepAt(directory.resolve("kept")))
                    .isInstanceOf(NamespaceRefused.class)
                    .hasMessageContaining("mount " + directory.resolve("kept") + ": EPERM")
                    .hasMessageContaining("a mount takes CAP_SYS_ADMIN");
        }
        assertNoMountIn(directory);
    }
}
