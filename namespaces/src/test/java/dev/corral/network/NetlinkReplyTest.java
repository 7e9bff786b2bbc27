package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetlinkReplyTest {
    private static final int ACK_TEXT = 0x200;
    private static final int CAPPED = 0x100;

    private static byte[] error(int flags, int errno, int echoed, String text) {
        ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
        bytes.putInt(0).putShort((short) NetlinkReply.ERROR).putShort((short) flags);
        bytes.putInt(7).putInt(0).putInt(-errno);
        bytes.putInt(echoed).position(bytes.position() + echoed - 4);
        bytes.putShort((short) (4 + text.length() + 1)).putShort((short) 1).put(text.getBytes(UTF_8));
        bytes.put((byte) 0);
        bytes.putInt(0, bytes.position());
        byte[] datagram = new byte[bytes.position()];
        bytes.get(0, datagram);
        return datagram;
    }

    @Test
    void anErrorSaysItsCodeAndTheKernelsWords() {
        for (int flags : new int[] {ACK_TEXT | CAPPED, ACK_TEXT}) {
            int echoed = (flags & CAPPED) != 0 ? 16 : 40;
            assertThat(NetlinkReply.parse(error(flags, 17, echoed, "File exists, really")))
                    .singleElement()
                    .satisfies(reply -> {
                        assertThat(reply.sequence()).isEqualTo(7);
                        assertThat(reply.errno()).isEqualTo(17);
                        assertThat(reply.errorText()).contains("File exists, really");
                    });
        }
    }

    @Test
    void anErrorWithoutWordsSaysItsCode() {
        assertThat(NetlinkReply.parse(error(CAPPED, 1, 16, "x")).get(0).errorText())
                .isEmpty();
    }

    @Test
    void severalMessagesInOneDatagramAreTakenApart() {
        byte[] one = error(CAPPED, 1, 16, "abc");
        int padded = (one.length + 3) & ~3;
        byte[] two = new byte[padded + one.length];
        System.arraycopy(one, 0, two, 0, one.length);
        System.arraycopy(one, 0, two, padded, one.length);
        assertThat(NetlinkReply.parse(two)).hasSize(2);
    }

    @Test
    void whatIsCutOffIsLeftOut() {
        byte[] whole = error(ACK_TEXT | CAPPED, 1, 16, "abc");
        for (int length = 0; length < whole.length; length++) {
            assertThat(NetlinkReply.parse(Arrays.copyOf(whole, length))).isEmpty();
        }
    }

    @Test
    void noBytesWhateverMakeItFail() {
        Random random = new Random(4);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            if (bytes.length >= 16) {
                // A plausible beginning, so that more than the first check is reached.
                ByteBuffer.wrap(bytes)
                        .order(ByteOrder.nativeOrder())
                        .putInt(0, bytes.length - random.nextInt(3))
                        .putShort(4, (short) random.nextInt(4))
                        .putShort(6, (short) (random.nextBoolean() ? ACK_TEXT : random.nextInt()));
            }
            List<NetlinkReply> replies = NetlinkReply.parse(bytes);
            replies.forEach(reply -> {
                reply.errno();
                reply.errorText();
                reply.attributes(0);
            });
        }
    }
}
