package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One message from the kernel. Source: netlink(7); linux/netlink.h.
 *
 * @param type what it is, such as {@link #ERROR} or RTM_NEWLINK
 * @param sequence the number of the request it answers
 * @param body what follows the header, in the byte order of this machine
 */
record NetlinkReply(int type, int flags, int sequence, ByteBuffer body) {
    static final int ERROR = 2;
    static final int DONE = 3;

    private static final int DUMP_INTERRUPTED = 0x10;
    private static final int CAPPED = 0x100;
    private static final int HAS_TEXT = 0x200;
    private static final int ERROR_TEXT = 1;
    /** The two highest bits of an attribute's type are flags: nested, big-endian. */
    private static final int TYPE_MASK = 0x3fff;

    private static final int ATTRIBUTE_HEADER = 4;

    /** The messages in a datagram, in order. What is cut off or too short to be one ends the list. */
    static List<NetlinkReply> parse(byte[] datagram) {
        ByteBuffer bytes = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        List<NetlinkReply> replies = new ArrayList<>();
        int at = 0;
        while (at + NetlinkMessage.HEADER <= datagram.length) {
            int length = bytes.getInt(at);
            if (length < NetlinkMessage.HEADER || length > datagram.length - at) {
                break;
            }
            replies.add(new NetlinkReply(
                    bytes.getShort(at + 4) & 0xffff,
                    bytes.getShort(at + 6) & 0xffff,
                    bytes.getInt(at + 8),
                    slice(bytes, at + NetlinkMessage.HEADER, length - NetlinkMessage.HEADER)));
            at += align(length);
        }
        return replies;
    }

    /** Whether the list that this message belongs to changed while it was read. */
    boolean interrupted() {
        return (flags & DUMP_INTERRUPTED) != 0;
    }

    /** The error code of an {@link #ERROR} or {@link #DONE}: 0 says that all went well. */
    int errno() {
        return body.remaining() < Integer.BYTES ? 0 : -body.getInt(0);
    }

    /** What the kernel says about an error in words, since Linux 4.12 and not always. */
    Optional<String> errorText() {
        if ((flags & HAS_TEXT) == 0) {
            return Optional.empty();
        }
        return Optional.ofNullable(attributes(Integer.BYTES + echoed()).get(ERROR_TEXT))
                .map(NetlinkReply::text);
    }

    /** How much of the request an error repeats before its words, in bytes; the end of a list repeats nothing. */
    private int echoed() {
        if (type != ERROR || body.remaining() < 2 * Integer.BYTES) {
            return 0;
        }
        boolean headerOnly = (flags & CAPPED) != 0;
        return headerOnly ? NetlinkMessage.HEADER : align(Math.max(0, Math.min(body.getInt(4), body.limit())));
    }

    /** The attributes from an offset of the body on; of two with one type the last. */
    Map<Integer, ByteBuffer> attributes(int offset) {
        return attributes(body, offset);
    }

    static Map<Integer, ByteBuffer> attributes(ByteBuffer bytes, int offset) {
        Map<Integer, ByteBuffer> found = new HashMap<>();
        int at = offset;
        while (at + ATTRIBUTE_HEADER <= bytes.limit()) {
            int length = bytes.getShort(at) & 0xffff;
            if (length < ATTRIBUTE_HEADER || length > bytes.limit() - at) {
                break;
            }
            found.put(
                    bytes.getShort(at + 2) & TYPE_MASK, slice(bytes, at + ATTRIBUTE_HEADER, length - ATTRIBUTE_HEADER));
            at += align(length);
        }
        return found;
    }

    static String text(ByteBuffer value) {
        String text = new String(bytes(value), UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    private static ByteBuffer slice(ByteBuffer bytes, int at, int length) {
        return bytes.slice(at, length).order(ByteOrder.nativeOrder());
    }

    private static int align(int length) {
        return (length + 3) & ~3;
    }
}
