package dev.corral.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DirectoryTest {
    @TempDir
    Path outside;

    private Path root = Path.of("/");

    @BeforeEach
    void plantLinks() throws Exception {
        root = Files.createDirectories(outside.resolve("root"));
        Files.createDirectories(root.resolve("usr/lib/deep"));
        Files.createDirectories(outside.resolve("usr/lib"));
        Files.writeString(root.resolve("file"), "content");
        Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
        Files.createSymbolicLink(root.resolve("absolute"), Path.of("/usr/lib"));
        Files.createSymbolicLink(root.resolve("up"), Path.of("../../../../../usr"));
        Files.createSymbolicLink(root.resolve("usr/back"), Path.of("../lib/./deep/.."));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        Files.createSymbolicLink(root.resolve("dangling"), Path.of("/nowhere"));
        Files.createSymbolicLink(root.resolve("to-file"), Path.of("file"));
    }

    /** JUnit warns of links that lead out of its directory. */
    @AfterEach
    void removeThem() throws Exception {
        Files.deleteIfExists(root.resolve("absolute"));
        Files.deleteIfExists(root.resolve("up"));
    }

    /** The kernel's own lookup, and the one for kernels that have none. */
    static Stream<BiFunction<Directory, String, Directory>> lookups() {
        return Stream.of(Directory::find, PathWalk::find);
    }

    private Stat stat(String path) throws Exception {
        try (Directory found = Directory.open(root.resolve(path))) {
            return found.stat();
        }
    }

    @ParameterizedTest
    @MethodSource("lookups")
    void noPathLeadsOut(BiFunction<Directory, String, Directory> lookup) throws Exception {
        String[][] paths = {
            {"usr/lib", "usr/lib"},
            {"/usr/lib/", "usr/lib"},
            {"lib", "usr/lib"},
            {"lib/deep", "usr/lib/deep"},
            {"absolute", "usr/lib"},
            {"absolute/deep", "usr/lib/deep"},
            {"up", "usr"},
            {"up/lib/deep", "usr/lib/deep"},
            {"usr/back", "usr/lib"},
            {"..", "."},
            {"../../usr/../lib/../..", "."},
            {"", "."},
            {"/", "."}
        };
        try (Directory tree = Directory.open(root)) {
            for (String[] path : paths) {
                try (Directory found = lookup.apply(tree, path[0])) {
                    assertThat(found.stat()).as(path[0]).isEqualTo(stat(path[1]));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("lookups")
    void whatIsNoDirectoryIsRefusedWithItsErrorCode(BiFunction<Directory, String, Directory> lookup) {
        try (Directory tree = Directory.open(root)) {
            assertThatThrownBy(() -> lookup.apply(tree, "missing")).hasMessageContaining("ENOENT");
            assertThatThrownBy(() -> lookup.apply(tree, "dangling")).hasMessageContaining("ENOENT");
            assertThatThrownBy(() -> lookup.apply(tree, "file")).hasMessageContaining("ENOTDIR");
            assertThatThrownBy(() -> lookup.apply(tree, "to-file/x")).hasMessageContaining("ENOTDIR");
            assertThatThrownBy(() -> lookup.apply(tree, "loop")).hasMessageContaining("ELOOP");
        }
    }

    @Test
    void magicLinksOfProcAreNotFollowed() {
        try (Directory proc = Directory.open(Path.of("/proc"))) {
            assertThatThrownBy(() -> proc.find("self/root")).hasMessageContaining("ELOOP");
        }
    }

    @Test
    void namesAreTakenAsTheyAre() {
        try (Directory tree = Directory.open(root)) {
            assertThat(tree.names())
                    .containsExactlyInAnyOrder("usr", "file", "lib", "absolute", "up", "loop", "dangling", "to-file");
            assertThat(tree.stat("lib").orElseThrow().type()).isEqualTo(Stat.Type.SYMLINK);
            assertThat(tree.stat("file").orElseThrow()).satisfies(stat -> {
                assertThat(stat.type()).isEqualTo(Stat.Type.FILE);
                assertThat(stat.size()).isEqualTo(7);
                assertThat(stat.user()).isEqualTo(Integer.toUnsignedLong(LibC.effectiveUser()));
            });
            assertThat(tree.stat("missing")).isEmpty();
            assertThat(tree.readlink("lib")).isEqualTo("usr/lib");
            assertThatThrownBy(() -> tree.enter("lib")).isInstanceOf(ErrnoException.class);
            assertThatThrownBy(() -> tree.read("to-file")).hasMessageContaining("EINVAL");
            assertThatThrownBy(() -> tree.create("dangling")).hasMessageContaining("EEXIST");
            for (String no : new String[] {"", ".", "..", "usr/lib", "/"}) {
                assertThatThrownBy(() -> tree.stat(no)).isInstanceOf(IllegalArgumentException.class);
                assertThatThrownBy(() -> tree.unlink(no)).isInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void aLargeDirectoryIsListedWhole() throws Exception {
        Path many = Files.createDirectory(outside.resolve("many"));
        for (int i = 0; i < 2000; i++) {
            Files.createFile(FileNames.in(many, "a-name-of-some-length-ä-" + i));
        }
        try (Directory tree = Directory.open(many)) {
            assertThat(tree.names()).hasSize(2000).contains("a-name-of-some-length-ä-1999");
        }
    }

    @Test
    void entriesAreMadeChangedAndRemoved() throws Exception {
        try (Directory tree = Directory.open(root)) {
            tree.mkdir("new");
            tree.chmod("new", 01751);
            assertThat(tree.stat("new").orElseThrow().mode()).isEqualTo(01751);
            try (Fd from = tree.read("file");
                    Fd to = tree.create("copy")) {
                assertThat(Directory.copy(from, to, 100)).isEqualTo(7);
                assertThat(Directory.copy(from, to, 100)).isZero();
                Directory.chmod(to, 0640);
            }
            tree.touch("copy", 1_000_000, 500);
            tree.link("other", tree, "copy");
            tree.symlink("link", "copy");
            tree.rename("link", "dangling");
            assertThat(tree.readlink("dangling")).isEqualTo("copy");
            tree.unlink("dangling");
            tree.rmdir("new");
        }
        assertThat(root.resolve("other")).content().isEqualTo("content");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("copy"))))
                .isEqualTo("rw-r-----");
        assertThat(Files.getLastModifiedTime(root.resolve("copy")))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_000_000, 500)));
        assertThat(root.resolve("new")).doesNotExist();
    }

    /** The kernel's own opening below a directory, and the one for kernels that have none. */
    static Stream<BiFunction<Directory, String, Fd>> openings() {
        return Stream.of(
                (directory, path) -> directory.beneath(path, LibC.O_RDONLY),
                (directory, path) -> directory.stepByStep(path, LibC.O_RDONLY));
    }

    @ParameterizedTest
    @MethodSource("openings")
    void aFileIsOpenedOnlyBelowTheDirectory(BiFunction<Directory, String, Fd> opening) throws Exception {
        Files.writeString(root.resolve("usr/lib/deep/inner"), "x");
        try (Directory directory = Directory.open(root)) {
            opening.apply(directory, "file").close();
            opening.apply(directory, "usr/lib/deep/inner").close();

            assertThatThrownBy(() -> opening.apply(directory, "to-file")).hasMessageContaining("ELOOP");
            assertThatThrownBy(() -> opening.apply(directory, "lib/deep/inner")).hasMessageContaining("ELOOP");
            assertThatThrownBy(() -> opening.apply(directory, "nothing")).hasMessageContaining("ENOENT");
            assertThatThrownBy(() -> opening.apply(directory, "../usr")).isInstanceOf(RuntimeException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("openings")
    void aFileOfAnotherFileSystemIsNotBelow(BiFunction<Directory, String, Fd> opening) {
        try (Directory directory = Directory.open(Path.of("/"))) {
            assertThatThrownBy(() -> opening.apply(directory, "proc/version")).hasMessageContaining("EXDEV");
        }
    }

    @Test
    void onlyDirectoriesAreListedAsSuch() throws Exception {
        try (Directory directory = Directory.open(root)) {
            assertThat(directory.directories()).containsExactly("usr");
            assertThat(directory.names()).contains("usr", "file", "lib").doesNotContain(".", "..");
        }
    }
}
