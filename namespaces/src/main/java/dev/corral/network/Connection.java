package dev.corral.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection from a client outside to a server inside. Belongs to the forwarder's thread.
 *
 * <p>Each direction reads no more before what it has read is written, so a slow reader slows the writer at the other end
 * and holds one buffer at most. The end of one direction is passed on and leaves the other open; an error on either side
 * resets both.
 */
final class Connection implements Forwarder.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final SocketChannel client;
    private final List<InetSocketAddress> targets;
    private final Selector selector;
    private final ByteBuffer scratch;
    private @Nullable Flow up;
    private @Nullable Flow down;
    private @Nullable SocketChannel server;

    /**
     * @param targets the addresses left to try, in this order; changed here
     * @param scratch shared by all connections, empty between calls
     */
    Connection(SocketChannel client, List<InetSocketAddress> targets, Selector selector, ByteBuffer scratch) {
        this.client = client;
        this.targets = targets;
        this.selector = selector;
        this.scratch = scratch;
    }

    /** Starts to connect to the next target; the client waits unread meanwhile. */
    void connect() {
        while (true) {
            try {
                tryNext();
                return;
            } catch (IOException | RuntimeException refused) { // such as a family that this JVM does without
                if (targets.isEmpty()) {
                    failed(refused);
                    return;
                }
            }
        }
    }

    private void tryNext() throws IOException {
        InetSocketAddress target = targets.remove(0);
        boolean ipv4 = target.getAddress().getAddress().length == 4;
        // The family is named because a socket for both would need IPv6 inside, which may be switched off there.
        SocketChannel opened = SocketChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            client.configureBlocking(false);
            opened.configureBlocking(false);
            if (opened.connect(target)) {
                server = opened;
                connected(opened);
            } else {
                opened.register(selector, SelectionKey.OP_CONNECT, this);
                server = opened;
            }
        } catch (IOException | RuntimeException refused) {
            Forwarder.close(opened);
            throw refused;
        }
    }

    private void connected(SocketChannel opened) throws IOException {
        // What is forwarded has been put together by its sender already.
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
        SelectionKey clientKey = client.register(selector, SelectionKey.OP_READ, this);
        SelectionKey serverKey = opened.register(selector, SelectionKey.OP_READ, this);
        up = new Flow(clientKey, serverKey);
        down = new Flow(serverKey, clientKey);
    }

    @Override
    public void ready(SelectionKey key) throws IOException {
        Flow there = up;
        Flow back = down;
        if (there == null || back == null) {
            finish((SocketChannel) key.channel());
            return;
        }
        there.move(key, scratch);
        back.move(key, scratch);
        if (there.ended() && back.ended()) {
            close();
        }
    }

    private void finish(SocketChannel connecting) {
        try {
            if (connecting.finishConnect()) {
                connected(connecting);
            }
        } catch (IOException refused) {
            Forwarder.close(connecting);
            if (targets.isEmpty()) {
                failed(refused);
            } else {
                connect();
            }
        }
    }

    /** Both peers see a reset: an orderly end would say that all has arrived. */
    @Override
    public void failed(Exception why) {
        LOG.debug("connection from {} to {} fails", client, server, why);
        reset(client);
        SocketChannel other = server;
        if (other != null) {
            reset(other);
        }
    }

    private static void reset(SocketChannel channel) {
        try {
            if (channel.isOpen()) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            }
        } catch (IOException alreadyReset) {
            LOG.trace("{}", channel, alreadyReset);
        }
        Forwarder.close(channel);
    }

    private void close() {
        Forwarder.close(client);
        SocketChannel other = server;
        if (other != null) {
            Forwarder.close(other);
        }
    }
}
