package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.ProcessCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Init's last word, about the payload: {@code struct exit_record} of {@code protocol.h}. */
public final class ExitRecord {
    private static final int MAGIC = 0x45524f43;
    private static final int BYTES = 32;

    private ExitRecord() {}

    /** What is in the status pipe by now; empty when there was no init, or it was killed. Does not wait. */
    static Optional<ProcessCalls.Waited> read(Fd status) {
        LibC.setNonBlocking(status.number(), LibC.O_RDONLY);
        byte[] bytes = new byte[BYTES];
        return LibC.read(status.number(), bytes, bytes.length) == bytes.length ? parse(bytes) : Optional.empty();
    }

    /** What an init has written to a file; empty for anything else that is there, and for less. */
    public static Optional<ProcessCalls.Waited> parse(byte[] bytes) {
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return record.getInt() != MAGIC
                ? Optional.empty()
                : Optional.of(
                        new ProcessCalls.Waited(record.getInt(), record.getLong(), record.getLong(), record.getLong()));
    }
}
