package dev.corral.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A seccomp filter of four instructions, assembled by hand: it does something about one call and allows all others. */
public final class OneCallFilter {
    public static final int ALLOW = 0x7fff_0000;
    public static final int ASK = 0x7fc0_0000;
    public static final int KILL = 0x8000_0000;

    private static final int ERRNO = 0x0005_0000;

    private OneCallFilter() {}

    /** The action that answers with an error. */
    public static int error(int errno) {
        return ERRNO | errno;
    }

    public static byte[] of(int call, int action) {
        ByteBuffer program = ByteBuffer.allocate(4 * 8).order(ByteOrder.nativeOrder());
        program.putShort((short) 0x20).put((byte) 0).put((byte) 0).putInt(0); // A = number
        program.putShort((short) 0x15).put((byte) 0).put((byte) 1).putInt(call); // A == call, or jump over the next
        program.putShort((short) 0x06).put((byte) 0).put((byte) 0).putInt(action);
        program.putShort((short) 0x06).put((byte) 0).put((byte) 0).putInt(ALLOW);
        return program.array();
    }
}
