package dev.corral.internal.linux;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
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

    private Fd open(String text) throws Exception {
        return new Fd(LibC.open(Files.writeString(directory.resolve("file"), text), LibC.O_RDONLY));
    }
}
