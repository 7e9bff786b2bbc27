package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * One request to the kernel while it is written: a header, the fixed part of its kind, and attributes, each aligned to four
 * bytes. Source: netlink(7); linux/netlink.h, struct nlmsghdr and struct nlattr.
 */
final class NetlinkMessage {
    static final int REQUEST = 1;
    static final int ACK = 4;
    static final int EXCL = 0x200;
    static final int CREATE = 0x400;
    static final int DUMP = 0x300;

    static final int HEADER = 16;
    private static final int SEQUENCE = 8;
    private static final int ATTRIBUTE_HEADER = 4;
    /** The longest request here has a dozen attributes of at most 256 bytes. */
    private static final int ROOM = 4096;

    private final ByteBuffer bytes = ByteBuffer.allocate(ROOM).order(ByteOrder.nativeOrder());

    NetlinkMessage(int type, int flags) {
        bytes.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
    }

    NetlinkMessage u8(int value) {
        bytes.put((byte) value);
        return this;
    }

    NetlinkMessage u16(int value) {
        bytes.putShort((short) value);
        return this;
    }

    NetlinkMessage u32(int value) {
        bytes.putInt(value);
        return this;
    }

    NetlinkMessage attribute(int type, byte[] value) {
        bytes.putShort((short) (ATTRIBUTE_HEADER + value.length)).putShort((short) type);
        bytes.put(value);
        return align();
    }

    NetlinkMessage attribute(int type, int value) {
        return attribute(
                type,
                ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putInt(value)
                        .array());
    }

    /** A text with its closing NUL. */
    NetlinkMessage attribute(int type, String value) {
        byte[] text = value.getBytes(UTF_8);
        return attribute(type, Arrays.copyOf(text, text.length + 1));
    }

    /** An attribute that holds what the writer adds: other attributes, and whatever stands before them. */
    NetlinkMessage nested(int type, Consumer<NetlinkMessage> writer) {
        int start = bytes.position();
        bytes.putShort((short) 0).putShort((short) type);
        writer.accept(this);
        bytes.putShort(start, (short) (bytes.position() - start));
        return this;
    }

    /** The finished message; the kernel's answer carries the same sequence number. */
    byte[] bytes(int sequence) {
        bytes.putInt(0, bytes.position());
        bytes.putInt(SEQUENCE, sequence);
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private NetlinkMessage align() {
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }
}
