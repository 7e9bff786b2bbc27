package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTailTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, LogTail.SIZE - 1, LogTail.SIZE, LogTail.SIZE + 1, 3 * LogTail.SIZE + 17})
    void theLastOfWhatWasWrittenIsKept(int size) {
        byte[] written = new Random(size)
                .ints(size, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
        LogTail tail = new LogTail();
        tail.drain(new InPieces(written));

        int kept = Math.min(size, LogTail.SIZE);
        assertThat(tail.text()).isEqualTo(new String(written, size - kept, kept, StandardCharsets.US_ASCII));
    }

    /** Pieces of many sizes, as programs write. */
    private static final class InPieces extends InputStream {
        private final ByteArrayInputStream all;
        private int turn;

        InPieces(byte[] bytes) {
            this.all = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return all.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            turn = turn * 7 % 8191 + 1;
            return all.read(target, offset, Math.min(length, turn));
        }
    }
}
