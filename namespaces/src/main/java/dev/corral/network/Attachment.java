package dev.corral.network;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network of one running child. Closing it takes the network away and ends the threads that forward its ports; it may
 * be closed twice, and is closed by itself when the child ends. Safe for any thread.
 */
public final class Attachment implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Attachment.class);

    private final String interfaceName;
    private final List<Cidr> addresses;
    private final List<PublishedPort> ports;
    private final Undo undo;

    Attachment(String interfaceName, List<Cidr> addresses, List<PublishedPort> ports, Undo undo) {
        this.interfaceName = interfaceName;
        this.addresses = List.copyOf(addresses);
        this.ports = List.copyOf(ports);
        this.undo = undo;
    }

    /** The name the child knows its network interface by. */
    public String interfaceName() {
        return interfaceName;
    }

    /** The addresses the child was given. */
    public List<Cidr> addresses() {
        return addresses;
    }

    /** The published ports, in the order in which they were asked for; none has a host port of 0 any more. */
    public List<PublishedPort> ports() {
        return ports;
    }

    /** Where the host listens for a port of the child; empty when that port is not published. */
    public Optional<InetSocketAddress> published(int port) {
        return ports.stream()
                .filter(published -> published.port() == port)
                .map(PublishedPort::address)
                .findFirst();
    }

    /** Throws a {@link NetworkException} when something could not be given back; everything else has been then. */
    @Override
    public void close() {
        undo.close();
    }

    /** Sees to it that it is closed when the process ends, on a thread that exists just for that. */
    void closeAfter(long pid) {
        Runnable end = () ->
                Threads.daemon("corral-network-end-" + pid, this::closeQuietly).start();
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty()) {
            end.run();
            return;
        }
        CompletableFuture<Void> ignored = process.get().onExit().thenRun(end);
    }

    /** Closes it where nobody could do anything about a failure. */
    void closeQuietly() {
        try {
            close();
        } catch (RuntimeException failed) {
            LOG.warn("the network {} could not be given back", this, failed);
        }
    }

    @Override
    public String toString() {
        return interfaceName + " " + addresses + (ports.isEmpty() ? "" : " " + ports);
    }
}
