package dev.corral;

import java.io.Serial;

/** A program wrote more than {@link Command#run()} keeps, or has memory for, and was ended for it. */
public final class OutputTooLarge extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    OutputTooLarge(Command command, String stream, ByteSize most) {
        super(command + " wrote more than " + most + " to standard " + stream
                + ": raise the bound with mostOutput, write to a file, or read the streams of start()");
    }

    OutputTooLarge(Command command, String stream, OutOfMemoryError full) {
        super(
                command + " wrote more to standard " + stream
                        + " than this JVM has memory for: write to a file, or read the streams of start()",
                full);
    }
}
