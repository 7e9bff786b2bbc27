package dev.corral;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cuts a stream of bytes into lines, without their ends. A consumer that fails is told of the next line all the same. */
final class LineCutter implements Pump.Sink {
    /** What is longer comes in pieces. */
    static final int MOST = 16_384;

    private static final Logger LOG = LoggerFactory.getLogger(LineCutter.class);

    private final String program;
    private final Consumer<String> consumer;
    private final byte[] line = new byte[MOST];
    private int length;
    private boolean failed;

    /** For the lines of a program, which is named where the consumer fails. */
    LineCutter(String program, Consumer<String> consumer) {
        this.program = program;
        this.consumer = consumer;
    }

    @Override
    public void take(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                tell(length > 0 && line[length - 1] == '\r' ? length - 1 : length);
                length = 0;
                continue;
            }
            if (length == MOST) {
                tellPiece();
            }
            line[length++] = bytes[i];
        }
    }

    /** As much as there is of whole characters. What is no UTF-8 has no characters to be kept whole. */
    private void tellPiece() {
        int end = MOST;
        while (end > MOST - 4 && (line[end - 1] & 0xc0) == 0x80) {
            end--;
        }
        end = (line[end - 1] & 0xc0) == 0xc0 ? end - 1 : MOST;
        tell(end);
        System.arraycopy(line, end, line, 0, MOST - end);
        length = MOST - end;
    }

    @Override
    public void end() {
        if (length > 0) {
            tell(length);
            length = 0;
        }
    }

    private void tell(int end) {
        try {
            consumer.accept(new String(line, 0, end, UTF_8));
        } catch (RuntimeException | Error broken) { // a payload must not hang because nobody reads on
            if (!failed) {
                LOG.warn(
                        "whoever gets the lines of {} has failed; it is told the next ones all the same",
                        program,
                        broken);
            }
            failed = true;
        }
    }
}
