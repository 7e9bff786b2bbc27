package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.Packet;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.SocketCalls;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The JVM's end of the socket on which it and a launcher speak: {@code protocol.h} draws the conversation. */
record Control(Fd socket) implements AutoCloseable {
    /** The kernel takes no more descriptors in a packet. */
    private static final int MOST_IN_PACKET = 253;

    /** The first word, with all that the launcher gets; descriptors that have no room in it follow. */
    void hello(int length, List<Integer> descriptors) {
        int[] all = descriptors.stream().mapToInt(Integer::intValue).toArray();
        byte[] packet = LaunchMessage.hello(length, all.length);
        for (int from = 0; from < all.length; from += MOST_IN_PACKET) {
            send(packet, Arrays.copyOfRange(all, from, Math.min(all.length, from + MOST_IN_PACKET)));
            packet = LaunchMessage.bare(LaunchMessage.Type.FDS);
        }
    }

    void say(LaunchMessage.Type type) {
        send(LaunchMessage.bare(type));
    }

    private void send(byte[] packet, int... descriptors) {
        try {
            SocketCalls.send(socket.number(), packet, descriptors);
        } catch (ErrnoException failed) {
            // A launcher that died or failed before it listened has left its reason in the socket, or none.
            if (failed.errno() != Errno.EPIPE) {
                throw failed;
            }
        }
    }

    /** What has come, without waiting; empty when there is nothing yet. */
    Optional<Packet> receive() {
        return SocketCalls.receive(socket.number());
    }

    /** Waits for the next word; or only for the end, for who is not going to be asked anything need not be woken before. */
    void await(boolean anyWord, int millis) {
        PollCalls.poll(socket.number(), anyWord ? PollCalls.POLLIN : PollCalls.POLLRDHUP, millis);
    }

    /** Whoever waits for an answer at the other end reads the end of file. */
    @Override
    public void close() {
        socket.close();
    }
}
