package dev.corral.internal.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeBufferTest {
    @TempDir
    Path directory;

    private final NativeBuffer buffer = new NativeBuffer(8);

    @Test
    void whatFitsIsReadFromAnOffset() throws Exception {
        byte[] read = "----------".getBytes(US_ASCII);
        try (Fd fd = open("0123456789")) {
            assertThat(buffer.pread(fd.number(), 0)).isEqualTo(8);
            assertThat(buffer.pread(fd.number(), 6)).isEqualTo(4);
            buffer.copy(read, 3, 4);
            assertThat(new String(read, US_ASCII)).isEqualTo("---6789---");
            assertThat(buffer.pread(fd.number(), 10)).isZero();
        }
    }

    @Test
    void moreThanThereIsCanNotBeCopied() throws Exception {
        assertThatThrownBy(() -> buffer.copy(new byte[16], 0, 9)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aRefusalHasItsNumber() {
        assertThatThrownBy(() -> buffer.pread(-1, 0))
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.EBADF));
    }

    @Test
    void namesAreFoundInADirectoryAndNoLinkIsFollowed() throws Exception {
        Files.writeString(FileNames.in(directory, "größe"), "x");
        Files.createSymbolicLink(directory.resolve("link"), FileNames.path("größe"));
        try (Fd held = new Fd(buffer.directory(directory))) {
            int file = buffer.openIn(held.number(), "größe", LibC.O_RDONLY);
            assertThat(buffer.pread(file, 0)).isOne();
            assertThat(buffer.text(1)).isEqualTo("x");
            NativeBuffer.close(file);

            assertThat(buffer.exists(held.number(), "größe")).isTrue();
            assertThat(buffer.exists(held.number(), "gone")).isFalse();
            assertThat(buffer.tryOpenIn(held.number(), "gone", LibC.O_RDONLY)).isEqualTo(-Errno.ENOENT);
            assertThat(buffer.tryOpenIn(held.number(), "link", LibC.O_RDONLY)).isEqualTo(-Errno.ELOOP);
            for (String elsewhere : new String[] {"", ".", "..", "a/b", "a\0b"}) {
                assertThatThrownBy(() -> buffer.openIn(held.number(), elsewhere, LibC.O_RDONLY))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        }
        NativeBuffer.close(-1);
    }

    @Test
    void aDirectoryIsToldFromALaterOneByItsNumber() throws Exception {
        Path group = directory.resolve("group");
        assertThat(buffer.inode(group)).isEmpty();
        buffer.mkdir(group, 0755);
        try (Fd held = new Fd(buffer.directory(group))) {
            long first = buffer.inode(held.number());
            assertThat(buffer.inode(group)).contains(first);
            assertThat((Long) Files.getAttribute(group, "unix:ino")).isEqualTo(first);
            buffer.rmdir(group);
            buffer.mkdir(group, 0755);
            assertThat(buffer.inode(held.number())).isEqualTo(first);
            assertThat(buffer.inode(group)).isPresent().isNotEqualTo(Optional.of(first));
        }
        assertThatThrownBy(() -> buffer.mkdir(group, 0755)).hasMessage("mkdir " + group + ": EEXIST");
        assertThatThrownBy(() -> buffer.rmdir(directory)).hasMessage("rmdir " + directory + ": ENOTEMPTY");
    }

    @Test
    void aTextIsWrittenWholeWhetherItFitsOrNot() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        int fd = buffer.open(file, LibC.O_WRONLY);
        buffer.write(fd, "12345678");
        buffer.write(fd, "and more than eight");
        NativeBuffer.close(fd);

        assertThat(file).hasContent("12345678and more than eight");
        assertThatThrownBy(() -> buffer.write(-1, "x")).hasMessageContaining("EBADF");
        assertThatThrownBy(() -> buffer.open(Path.of("/" + "x".repeat(5_000)), LibC.O_RDONLY))
                .hasMessageContaining("ENAMETOOLONG");
    }

    private Fd open(String text) throws Exception {
        return new Fd(LibC.open(Files.writeString(directory.resolve("file"), text), LibC.O_RDONLY));
    }
}
