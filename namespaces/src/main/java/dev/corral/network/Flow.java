package dev.corral.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: reads from one channel and writes to the other. It keeps bytes only while the writing side
 * takes no more, and reads nothing until they are gone.
 */
final class Flow {
    private final SelectionKey from;
    private final SelectionKey to;
    private @Nullable ByteBuffer rest;
    private boolean ended;

    Flow(SelectionKey from, SelectionKey to) {
        this.from = from;
        this.to = to;
    }

    /** Whether everything has been read and written, and the end been passed on. */
    boolean ended() {
        return ended;
    }

    /** Does what the key's channel is ready for, if it is one of this direction's. */
    void move(SelectionKey ready, ByteBuffer scratch) throws IOException {
        if (ready.equals(to) && ready.isWritable() && rest != null) {
            flush(rest);
        }
        if (ready.equals(from) && ready.isReadable() && rest == null && !ended) {
            read(scratch);
        }
    }

    private void read(ByteBuffer scratch) throws IOException {
        scratch.clear();
        int n = source().read(scratch);
        if (n < 0) {
            from.interestOpsAnd(~SelectionKey.OP_READ);
            end();
            return;
        }
        scratch.flip();
        target().write(scratch);
        if (scratch.hasRemaining()) {
            rest = ByteBuffer.allocate(scratch.remaining()).put(scratch).flip();
            from.interestOpsAnd(~SelectionKey.OP_READ);
            to.interestOpsOr(SelectionKey.OP_WRITE);
        }
    }

    private void flush(ByteBuffer waiting) throws IOException {
        target().write(waiting);
        if (!waiting.hasRemaining()) {
            rest = null;
            to.interestOpsAnd(~SelectionKey.OP_WRITE);
            from.interestOpsOr(SelectionKey.OP_READ);
        }
    }

    private void end() throws IOException {
        target().shutdownOutput();
        ended = true;
    }

    private SocketChannel source() {
        return (SocketChannel) from.channel();
    }

    private SocketChannel target() {
        return (SocketChannel) to.channel();
    }
}
