package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** What init reports of its payload's end: {@code struct exit_record} of {@code protocol.h}. */
final class ExitRecord {
    private static final int MAGIC = 0x45524f43;
    private static final int BYTES = 32;

    private ExitRecord() {}

    /** Takes the record out of the status pipe; empty when there is none, as without an init. */
    static Optional<LibC.Waited> read(Fd pipe) {
        LibC.setNonBlocking(pipe.number(), LibC.O_RDONLY);
        byte[] bytes = new byte[BYTES];
        if (LibC.read(pipe.number(), bytes, bytes.length) != bytes.length) {
            return Optional.empty();
        }
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return record.getInt() != MAGIC
                ? Optional.empty()
                : Optional.of(new LibC.Waited(record.getInt(), record.getLong(), record.getLong(), record.getLong()));
    }
}
