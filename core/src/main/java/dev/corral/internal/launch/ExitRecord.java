package dev.corral.internal.launch;

import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.ProcessCalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Init's last word, about the payload: {@code struct exit_record} of {@code protocol.h}.
 *
 * @param waited status and usage
 * @param unexecuted where the set-up ended; empty if the payload became the program
 */
public record ExitRecord(ProcessCalls.Waited waited, Optional<Unexecuted> unexecuted) {
    private static final int MAGIC = 0x45524f43;
    private static final int BYTES = 40;
    private static final int EXECUTED = 0xffff;

    /**
     * A payload that never became the program.
     *
     * @param step the one at which it ended, or the first one if it was killed
     * @param errno why; 0 if it was killed, or the JVM was gone
     */
    public record Unexecuted(Step step, int errno) {}

    /** What is in the status pipe by now; empty when there was no init, or it was killed. Does not wait. */
    static Optional<ProcessCalls.Waited> read(Fd status) {
        LibC.setNonBlocking(status.number(), LibC.O_RDONLY);
        byte[] bytes = new byte[BYTES];
        return LibC.read(status.number(), bytes, bytes.length) == bytes.length
                ? parse(bytes).map(ExitRecord::waited)
                : Optional.empty();
    }

    /** What an init has written to a file; empty for anything else that is there, and for less. */
    public static Optional<ExitRecord> parse(byte[] bytes) {
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (record.getInt() != MAGIC) {
            return Optional.empty();
        }
        ProcessCalls.Waited waited =
                new ProcessCalls.Waited(record.getInt(), record.getLong(), record.getLong(), record.getLong());
        int step = record.getInt();
        int errno = record.getInt();
        return step == EXECUTED
                ? Optional.of(new ExitRecord(waited, Optional.empty()))
                : Step.at(step).map(known -> new ExitRecord(waited, Optional.of(new Unexecuted(known, errno))));
    }
}
