package dev.corral.archives;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.ByteSize;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives by somebody who wants out: whatever they hold, nothing beside the directory is touched. */
class HostileTarTest {
    /** In what the test of damage makes, content included. */
    private static final int HEADERS = 10;

    @TempDir
    Path directory;

    private Path root = Path.of("/");
    private Path victim = Path.of("/");

    @BeforeEach
    void putAVictimBeside() throws Exception {
        root = directory.resolve("root");
        victim = Files.createDirectory(directory.resolve("victim"));
        Files.writeString(victim.resolve("file"), "mine");
        Files.setPosixFilePermissions(victim.resolve("file"), PosixFilePermissions.fromString("rw-------"));
    }

    @AfterEach
    void nothingOutsideHasChanged() throws Exception {
        assertThat(victim.resolve("file")).content().isEqualTo("mine");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim.resolve("file"))))
                .isEqualTo("rw-------");
        assertThat(Files.getAttribute(victim.resolve("file"), "unix:nlink")).isEqualTo(1);
        try (var names = Files.list(victim)) {
            assertThat(names).hasSize(1);
        }
        try (var names = Files.list(directory)) {
            assertThat(names.map(path -> path.getFileName().toString())).isSubsetOf("root", "victim", "archive.tar");
        }
    }

    private Unpacked unpack(Tar tar) throws Exception {
        return TarArchive.of(tar.in(directory)).unpack(root);
    }

    private void refused(Tar tar, String why) {
        assertThatThrownBy(() -> unpack(tar)).isInstanceOf(UnpackFailed.class).hasMessageContaining(why);
    }

    @Test
    void anAbsoluteNameIsBelowTheDirectory() throws Exception {
        unpack(new Tar().file(victim + "/file", "evil").file("//x", "x"));
        assertThat(root.resolve(victim.toString().substring(1)).resolve("file"))
                .content()
                .isEqualTo("evil");
        assertThat(root.resolve("x")).exists();
    }

    @Test
    void aNameThatGoesUpFailsTheArchive() {
        refused(new Tar().file("../victim/file", "evil"), "\"..\"");
        refused(new Tar().file("a/b/../../../victim/file", "evil"), "\"..\"");
        refused(new Tar().directory("a/.."), "\"..\"");
        refused(new Tar().file("x", "x").link("y", "../victim/file"), "\"..\"");
    }

    @Test
    void aLinkOutIsNotWrittenThrough() throws Exception {
        refused(new Tar().symlink("out", victim.toString()).file("out/file", "evil"), "EEXIST");
        refused(new Tar().symlink("up", "../victim").file("up/file", "evil"), "EEXIST");
        refused(new Tar().symlink("up", "../victim").directory("up/new"), "EEXIST");
        unpack(new Tar().symlink("top", "../../../../../..").file("top/inside", "x"));
        assertThat(root.resolve("inside")).exists();
        Files.delete(root.resolve("top")); // JUnit warns of links that lead out of its directory
    }

    @Test
    void aChainOfLinksOutIsNotWrittenThrough() throws Exception {
        unpack(new Tar()
                .directory("a/b/c")
                .symlink("a/b/c/up", "../../..")
                .symlink("x", "a/b/c/up/..")
                .file("x/file", "lands at the top"));
        assertThat(root.resolve("file")).exists();
    }

    @Test
    void aFileReplacesALinkOfItsName() throws Exception {
        unpack(new Tar().symlink("f", victim + "/file").file("f", "evil"));
        assertThat(root.resolve("f")).isRegularFile().content().isEqualTo("evil");
        unpack(new Tar().symlink("f", victim + "/file").symlink("f", "other"));
        assertThat(Files.readSymbolicLink(root.resolve("f"))).isEqualTo(Path.of("other"));
        unpack(new Tar().symlink("d", victim.toString()).directory("d"));
        assertThat(Files.isDirectory(root.resolve("d"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
    }

    @Test
    void aHardLinkDoesNotReachOut() throws Exception {
        refused(new Tar().link("l", victim + "/file"), "ENOENT");
        refused(new Tar().symlink("d", victim.toString()).link("l", "d/file"), "ENOENT");
        refused(new Tar().link("l", "/"), "links to the root");
        // The link itself gets another name, and what then takes that name does not go through it.
        unpack(new Tar()
                .symlink("s", victim + "/file")
                .link("h", "s")
                .entry("h", TarConstants.LF_NORMAL, "evil".getBytes(UTF_8), entry -> entry.setMode(0777)));
        assertThat(root.resolve("h")).isRegularFile();
        assertThat(root.resolve("s")).isSymbolicLink();
    }

    @Test
    void aHardLinkedFileIsNotWrittenThroughEither() throws Exception {
        unpack(new Tar().file("a", "first").link("b", "a").file("b", "second").link("a", "a"));
        assertThat(root.resolve("a")).content().isEqualTo("first");
    }

    @Test
    void aDirectoryIsNotReplaced() {
        refused(new Tar().file("d/x", "x").file("d", "x"), "EISDIR");
        refused(new Tar().file("d/x", "x").symlink("d", victim.toString()), "EISDIR");
        refused(new Tar().file("f", "x").file("f/x", "x"), "ENOTDIR");
    }

    @Test
    void boundsHold() throws Exception {
        Path many = new Tar().file("a", "1").file("b", "2").file("c", "3").in(directory);
        assertThatThrownBy(() ->
                        TarArchive.of(many).atMost(ByteSize.mebibytes(1), 2).unpack(root))
                .hasMessageContaining("more than 2 entries");
        Path large = new Tar().file("large", new byte[2 << 20], 0644).in(directory);
        assertThatThrownBy(() ->
                        TarArchive.of(large).atMost(ByteSize.mebibytes(1), 10).unpack(root))
                .isInstanceOf(UnpackFailed.class)
                .hasMessageContaining("more than 1 MiB");
        assertThatThrownBy(() -> TarArchive.of(many).atMost(ByteSize.mebibytes(1), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCompressedBombIsBounded() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] archive = new Tar().file("zeros", new byte[64 << 20], 0644).bytes();
            gzip.write(archive);
        }
        Path bomb = Files.write(directory.resolve("archive.tar"), bytes.toByteArray());
        assertThat(Files.size(bomb)).isLessThan(1 << 20);
        assertThatThrownBy(() ->
                        TarArchive.of(bomb).atMost(ByteSize.mebibytes(8), 10).unpack(root))
                .hasMessageContaining("more than 8 MiB");
    }

    @Test
    void aSparseFileCountsAsLongAsItSeems() throws Exception {
        assumeThat(Path.of("/bin/tar")).as("needs tar(1)").exists();
        Path source = Files.createDirectory(directory.resolve("root"));
        try (var sparse = new RandomAccessFile(source.resolve("sparse").toFile(), "rw")) {
            sparse.seek(64L << 20);
            sparse.write(1);
        }
        Path archive = directory.resolve("archive.tar");
        Process tar = new ProcessBuilder("tar", "-cSf", archive.toString(), "-C", source.toString(), "sparse")
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        assertThat(Files.size(archive)).isLessThan(1 << 20);
        assertThatThrownBy(() ->
                        TarArchive.of(archive).atMost(ByteSize.mebibytes(8), 10).unpack(root))
                .isInstanceOf(UnpackFailed.class)
                .hasMessageContaining("more than 8 MiB");
    }

    @Test
    void aHugeDescriptionIsNotTakenIntoMemory() {
        refused(new Tar().entry("x", (byte) 'L', new byte[64 << 20], entry -> {}), "the description of an entry");
        byte[] pax = ("67108864 path=" + "a".repeat((64 << 20) - 15) + "\n").getBytes(UTF_8);
        refused(new Tar().entry("x", (byte) 'x', pax, entry -> {}), "the description of an entry");
    }

    @Test
    void anOverlongNameIsRefused() {
        refused(new Tar().file("d/".repeat(3000) + "x", "x"), "4095 bytes");
        refused(new Tar().symlink("x", "d/".repeat(3000)), "4095 bytes");
        refused(new Tar().file("n".repeat(300), "x"), "ENAMETOOLONG");
    }

    @Test
    void aNameOfTheRootIsNothing() throws Exception {
        assertThat(unpack(new Tar().directory(".").directory("./.").file("x", "x"))
                        .entries())
                .isEqualTo(3);
    }

    @Test
    void aTruncatedArchiveFails() throws Exception {
        byte[] whole = new Tar().file("x", new byte[10_000], 0644).bytes();
        Path cut = Files.write(directory.resolve("archive.tar"), Arrays.copyOf(whole, 5000));
        assertThatThrownBy(() -> TarArchive.of(cut).unpack(root)).isInstanceOf(UnpackFailed.class);
    }

    @Test
    void damagedArchivesFailInOneWayOrAreUnpacked() throws Exception {
        byte[] good = new Tar()
                .directory("a")
                .symlink("a/l", victim.toString())
                .file("a/l2/f", "x")
                .file("long/" + "n".repeat(200), "x")
                .link("a/h", "a/l2/f")
                .bytes();
        Random random = new Random(7);
        int unpacked = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] bad = good.clone();
            int record = 512 * random.nextInt(HEADERS);
            for (int j = 0; j <= random.nextInt(4); j++) {
                bad[record + random.nextInt(512)] = (byte) "./0127xLKS\0\u00ff".charAt(random.nextInt(12));
            }
            checksum(bad, record);
            Path archive = Files.write(directory.resolve("archive.tar"), bad);
            try {
                TarArchive.of(archive).atMost(ByteSize.mebibytes(1), 100).unpack(root);
                unpacked++;
            } catch (UnpackFailed expected) {
                assertThat(expected).hasMessageContaining("archive.tar");
            }
        }
        assertThat(unpacked).isBetween(1, 1999);
    }

    /** Makes the sum of a header right again, so that the damage gets past it. */
    private static void checksum(byte[] archive, int record) {
        Arrays.fill(archive, record + 148, record + 156, (byte) ' ');
        int sum = 0;
        for (int i = record; i < record + 512; i++) {
            sum += Byte.toUnsignedInt(archive[i]);
        }
        byte[] text = String.format("%06o\0 ", sum).getBytes(UTF_8);
        System.arraycopy(text, 0, archive, record + 148, text.length);
    }
}
