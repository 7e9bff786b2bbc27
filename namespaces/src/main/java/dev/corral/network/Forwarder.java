package dev.corral.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands TCP connections from listeners of the host to servers inside a child's network, with one daemon thread for all of
 * them.
 *
 * <p>A socket belongs to the network namespace of the thread that makes it, for good. So the listeners are made outside by
 * whoever starts this; the thread enters the child's namespace first, and what it connects is inside.
 */
final class Forwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final int SCRATCH = 64 * 1024;
    /** How long a listener rests when a connection could not be taken, for lack of descriptors as a rule. */
    private static final int REST_MILLIS = 100;

    private final Selector selector;
    private final List<Route> routes;
    private final Thread thread;
    private final CompletableFuture<Void> entered = new CompletableFuture<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
    private volatile boolean closing;
    private boolean resting;

    /**
     * Where connections come from and go to.
     *
     * @param listener closed together with the forwarder
     * @param targets addresses inside, tried in turn
     */
    record Route(ServerSocketChannel listener, List<InetSocketAddress> targets) {}

    /** What a key's channel does when it is ready. */
    interface Handler {
        void ready(SelectionKey key) throws IOException;

        /** Ends what failed; it may have ended already. */
        void failed(Exception why);
    }

    private Forwarder(String name, Runnable enter, Selector selector, List<Route> routes) {
        this.selector = selector;
        this.routes = routes;
        this.thread = Threads.daemon(name, () -> run(enter));
    }

    /**
     * Starts the thread; it first runs {@code enter}, whose exception is thrown here. The listeners belong to the forwarder
     * once this returns.
     */
    static Forwarder start(String name, Runnable enter, List<Route> routes) throws IOException {
        Selector selector = Selector.open();
        Forwarder forwarder = new Forwarder(name, enter, selector, routes);
        try {
            for (Route route : routes) {
                route.listener().configureBlocking(false);
                route.listener().register(selector, SelectionKey.OP_ACCEPT, forwarder.new Acceptor(route));
            }
            forwarder.thread.start();
            forwarder.entered.join();
            return forwarder;
        } catch (CompletionException failed) {
            selector.close();
            throw failed.getCause() instanceof RuntimeException plain ? plain : failed;
        } catch (IOException | RuntimeException | Error failed) {
            selector.close();
            throw failed;
        }
    }

    /** It serves nobody unless it is inside: it would connect to the host's own servers. */
    private void run(Runnable enter) {
        try {
            enter.run();
        } catch (Throwable failed) { // told to whoever starts this
            entered.completeExceptionally(failed);
            return;
        }
        entered.complete(null);
        loop();
    }

    private void loop() {
        try (Selector ending = selector) {
            while (!closing) {
                ending.select(this::ready, resting ? REST_MILLIS : 0);
                if (resting) {
                    wake();
                }
            }
            List.copyOf(ending.keys()).forEach(key -> close(key.channel()));
        } catch (IOException | RuntimeException | Error failed) {
            LOG.error("{} ends: its ports are not forwarded any more", thread.getName(), failed);
        } finally {
            routes.forEach(route -> close(route.listener()));
        }
    }

    private void ready(SelectionKey key) {
        Handler handler = (Handler) key.attachment();
        try {
            if (key.isValid()) {
                handler.ready(key);
            }
        } catch (IOException | RuntimeException failed) {
            handler.failed(failed); // only this one: the others go on
        }
    }

    private void wake() {
        resting = false;
        for (Route route : routes) {
            SelectionKey key = route.listener().keyFor(selector);
            if (key != null && key.isValid()) {
                key.interestOps(SelectionKey.OP_ACCEPT);
            }
        }
    }

    static void close(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException useless) {
            LOG.debug("closing {}", channel, useless);
        }
    }

    /** Ends listeners, connections and the thread. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true; // the thread never blocks, so this is short
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Acceptor implements Handler {
        private final Route route;

        Acceptor(Route route) {
            this.route = route;
        }

        @Override
        public void ready(SelectionKey key) throws IOException {
            SocketChannel client = route.listener().accept();
            if (client != null) {
                new Connection(client, new ArrayList<>(route.targets()), selector, scratch).connect();
            }
        }

        /** A listener whose connection can't be taken stays ready: without a rest the thread would spin. */
        @Override
        public void failed(Exception why) {
            LOG.warn("can't take a connection for {}", route.targets(), why);
            SelectionKey key = route.listener().keyFor(selector);
            if (key != null && key.isValid()) {
                key.interestOps(0);
                resting = true;
            }
        }
    }
}
