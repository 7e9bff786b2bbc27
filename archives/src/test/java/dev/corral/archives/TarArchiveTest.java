package dev.corral.archives;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.ByteSize;
import dev.corral.Child;
import dev.corral.Command;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.namespaces.IdMap;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.RootFilesystem;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarArchiveTest {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @TempDir
    Path directory;

    private Path root = Path.of("/");

    @BeforeEach
    void openTheDirectoryToEveryone() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        root = directory.resolve("root");
    }

    private Unpacked unpack(Tar tar) throws Exception {
        return TarArchive.of(tar.in(directory)).unpack(root);
    }

    @Test
    void filesDirectoriesAndLinksComeOutAsTheyWere() throws Exception {
        Unpacked unpacked = unpack(new Tar()
                .directory("./etc")
                .entry("etc/conf", TarConstants.LF_NORMAL, "x=1".getBytes(UTF_8), entry -> {
                    entry.setMode(0640);
                    entry.setModTime(FileTime.from(Instant.ofEpochSecond(1_000_000)));
                })
                .symlink("etc/link", "conf")
                .link("etc/same", "etc/conf")
                .file("usr/share/ä/deep", "made without its directories"));
        assertThat(unpacked).isEqualTo(new Unpacked(5, ByteSize.bytes(31), List.of()));
        assertThat(root.resolve("etc/conf")).content().isEqualTo("x=1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("etc/conf"))))
                .isEqualTo("rw-r-----");
        assertThat(Files.getLastModifiedTime(root.resolve("etc/conf")).toMillis())
                .isEqualTo(1_000_000_000);
        assertThat(Files.readSymbolicLink(root.resolve("etc/link"))).isEqualTo(Path.of("conf"));
        assertThat(Files.getAttribute(root.resolve("etc/same"), "unix:nlink")).isEqualTo(2);
        assertThat(FileNames.in(root, "usr/share/ä/deep")).exists();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("usr/share"))))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void longNamesAndGzipAreRead() throws Exception {
        String name = "d/".repeat(300) + "n".repeat(200);
        Path compressed = directory.resolve("archive.tar.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            gzip.write(new Tar().file(name, "deep").bytes());
        }
        TarArchive.of(compressed).unpack(root);
        assertThat(root.resolve(name)).content().isEqualTo("deep");
    }

    @Test
    void whatGnuTarMakesIsRead() throws Exception {
        assumeThat(Path.of("/bin/tar")).as("needs tar(1)").exists();
        Path source = Files.createDirectory(directory.resolve("source"));
        try (var sparse =
                Files.newByteChannel(source.resolve("sparse"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            sparse.position(5_000_000).write(ByteBuffer.wrap("end".getBytes(UTF_8)));
        }
        Files.writeString(source.resolve("n".repeat(150)), "long");
        for (String format : new String[] {"gnu", "posix"}) {
            Path archive = directory.resolve(format + ".tar");
            Process tar = new ProcessBuilder(
                            "tar", "-cSf", archive.toString(), "--format=" + format, "-C", source.toString(), ".")
                    .inheritIO()
                    .start();
            assertThat(tar.waitFor()).isZero();
            Path target = directory.resolve(format);
            TarArchive.of(archive).unpack(target);
            assertThat(Files.mismatch(source.resolve("sparse"), target.resolve("sparse")))
                    .isEqualTo(-1);
            assertThat(target.resolve("n".repeat(150))).content().isEqualTo("long");
        }
    }

    @Test
    void devicesAndPipesAreLeftOutAndSetIdBitsDroppedAndBothTold() throws Exception {
        Unpacked unpacked = unpack(new Tar()
                .entry("dev/sda", TarConstants.LF_BLK, new byte[0], entry -> entry.setDevMajor(8))
                .entry("dev/mem", TarConstants.LF_CHR, new byte[0], entry -> entry.setDevMajor(1))
                .entry("pipe", TarConstants.LF_FIFO, new byte[0], entry -> {})
                .entry("odd", (byte) 'V', new byte[0], entry -> {})
                .file("su", "x".getBytes(UTF_8), 04755)
                .file("tmp", "x".getBytes(UTF_8), 02644));
        assertThat(unpacked.remarks())
                .containsExactly(
                        "dev/sda left out: a device",
                        "dev/mem left out: a device",
                        "pipe left out: a pipe",
                        "odd left out: of type 86",
                        "su without its set-user-ID and set-group-ID bits",
                        "tmp without its set-user-ID and set-group-ID bits");
        assertThat(root.resolve("dev")).isEmptyDirectory();
        assertThat(Files.getAttribute(root.resolve("su"), "unix:mode")).isEqualTo(0100755);
    }

    @Test
    void aSecondArchiveGoesOverTheFirst() throws Exception {
        unpack(new Tar().file("usr/lib/a", "old").symlink("lib", "usr/lib").directory("etc"));
        unpack(new Tar()
                .file("usr/lib/a", "new")
                .directory("lib")
                .file("lib/b", "through the link")
                .directory("etc"));
        assertThat(root.resolve("usr/lib/a")).content().isEqualTo("new");
        assertThat(root.resolve("lib")).isSymbolicLink();
        assertThat(root.resolve("usr/lib/b")).exists();
    }

    @Test
    void aReadOnlyDirectoryIsFilled() throws Exception {
        unpack(new Tar()
                .entry("d/", TarConstants.LF_DIR, new byte[0], entry -> entry.setMode(0555))
                .file("d/file", "x"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("d"))))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void aBusyboxRootRuns() throws Exception {
        assumeThat(BUSYBOX).as("needs busybox-static").isExecutable();
        Tar tar = new Tar()
                .file("bin/busybox", Files.readAllBytes(BUSYBOX), 0755)
                .symlink("bin/sh", "busybox")
                .link("bin/cat", "bin/busybox")
                .directory("proc")
                .directory("dev")
                .file("etc/motd", "hello from the archive");
        assertThat(said(Isolation.full(), TarArchive.of(tar.in(directory))))
                .isEqualTo("hello from the archive\nbin dev etc proc\n1 2\n");
    }

    @Test
    void rootInsideOwnsWhatBelongsToRootInTheArchive() throws Exception {
        assumeThat(LibC.effectiveUser()).as("needs root").isZero();
        assumeThat(BUSYBOX).as("needs busybox-static").isExecutable();
        IdMap map = IdMap.range(0, 1_500_000_000, 1000);
        Tar tar = new Tar()
                .file("bin/busybox", Files.readAllBytes(BUSYBOX), 0700)
                .symlink("bin/sh", "busybox")
                .entry("etc/motd", TarConstants.LF_NORMAL, "mine".getBytes(UTF_8), entry -> entry.setIds(33, 44));
        // Nothing is there to mount on: it can be made, because the root belongs to root inside.
        assertThat(said(
                        Isolation.full().idMap(map),
                        TarArchive.of(tar.in(directory)).owners(map)))
                .isEqualTo("mine\nbin dev etc proc\n1 2\n");
        assertThat(Files.getAttribute(root.resolve("etc/motd"), "unix:uid")).isEqualTo(1_500_000_033);
        assertThat(Files.getAttribute(root.resolve("etc/motd"), "unix:gid")).isEqualTo(1_500_000_044);
        Tar foreign = new Tar().entry("x", TarConstants.LF_NORMAL, new byte[0], entry -> entry.setIds(1000, 0));
        assertThatThrownBy(
                        () -> TarArchive.of(foreign.in(directory)).owners(map).unpack(root))
                .isInstanceOf(UnpackFailed.class)
                .hasMessageContaining("no user id 1000");
    }

    private String said(Isolation isolation, TarArchive archive) throws Exception {
        archive.unpack(root);
        Command command = Command.of(
                        "/bin/sh", "-c", "busybox cat /etc/motd; echo; cd /; echo *; cd /proc; echo [0-9]*")
                .errorIntoOutput()
                .with(isolation.root(RootFilesystem.from(root)));
        try (Child child = command.start()) {
            String said = new String(child.getInputStream().readAllBytes(), UTF_8);
            child.await();
            return said;
        }
    }

    @Test
    void whatIsNoArchiveOrIsMissingIsToldSo() throws Exception {
        assertThatThrownBy(() -> TarArchive.of(directory.resolve("no.tar")).unpack(root))
                .isInstanceOf(UnpackFailed.class)
                .hasMessageContaining("no.tar")
                .hasMessageContaining("NoSuchFile");
        Path text = Files.writeString(directory.resolve("text"), "no archive at all".repeat(100));
        assertThatThrownBy(() -> TarArchive.of(text).unpack(root)).isInstanceOf(UnpackFailed.class);
    }
}
