package dev.corral.internal.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * One packet on the control socket: {@code struct message} of {@code protocol.h}, where the conversation is drawn.
 *
 * @param stage who speaks
 * @param number HELLO: the protocol's number; PID: the pid; WAIT: what for; ERROR: the step
 * @param error ERROR: the error code
 * @param index HELLO: the length of the plan; ERROR: which operation of the step
 * @param length HELLO: how many descriptors come along
 * @param detail ERROR: what the step was about
 */
record LaunchMessage(Type type, int stage, int number, int error, int index, int length, String detail) {
    static final int PROTOCOL = 3;

    private static final int MAGIC = 0x314c5243;
    private static final int HEAD = 24;

    enum Type {
        HELLO(1),
        PID(2),
        EXECING(3),
        ERROR(4),
        FDS(5),
        WAIT(6),
        DONE(7),
        TERMINAL(8),
        READY(9),
        START(10),
        LISTENER(11);

        private final short number;

        Type(int number) {
            this.number = (short) number;
        }

        static Optional<Type> numbered(short number) {
            return Arrays.stream(values()).filter(type -> type.number == number).findAny();
        }
    }

    /** {@code enum wait_for}. */
    static final int WAIT_IDMAP = 1;

    static final int WAIT_NETWORK = 2;

    static byte[] hello(int planLength, int descriptors) {
        return bytes(Type.HELLO, PROTOCOL, planLength, descriptors);
    }

    /** A message that is all said by its type. */
    static byte[] bare(Type type) {
        return bytes(type, 0, 0, 0);
    }

    private static byte[] bytes(Type type, int number, int index, int length) {
        return ByteBuffer.allocate(HEAD)
                .order(ByteOrder.nativeOrder())
                .putInt(MAGIC)
                .putShort(type.number)
                .putShort((short) 0)
                .putInt(number)
                .putInt(0)
                .putInt(index)
                .putInt(length)
                .array();
    }

    /** The message in a packet; empty when it is none. */
    static Optional<LaunchMessage> read(byte[] packet) {
        if (packet.length < HEAD) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(packet).order(ByteOrder.nativeOrder());
        int magic = bytes.getInt();
        Optional<Type> type = Type.numbered(bytes.getShort());
        if (magic != MAGIC || type.isEmpty()) {
            return Optional.empty();
        }
        int stage = bytes.getShort();
        int number = bytes.getInt();
        int error = bytes.getInt();
        int index = bytes.getInt();
        int length = bytes.getInt();
        String detail = new String(packet, HEAD, packet.length - HEAD, StandardCharsets.UTF_8);
        return Optional.of(new LaunchMessage(type.get(), stage, number, error, index, length, detail));
    }
}
