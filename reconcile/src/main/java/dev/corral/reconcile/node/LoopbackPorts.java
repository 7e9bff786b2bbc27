package dev.corral.reconcile.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Hands out free TCP ports on loopback, none of them twice at a time. Between the moment a port is chosen and the one at
 * which a program binds it, a stranger may take it; the program then fails and is given another one at its next start.
 */
final class LoopbackPorts {
    private static final int ATTEMPTS = 100;

    private final Set<Integer> taken = new HashSet<>();

    /** A port that nobody listens on. Belongs to the caller until it is given back. */
    synchronized int take() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = chosenByTheKernel();
            if (taken.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port on loopback: the kernel offered only ports in use by containers");
    }

    /** Hands none of these out, until they are given back. */
    synchronized void keep(Collection<Integer> ports) {
        taken.addAll(ports);
    }

    synchronized void giveBack(int port) {
        taken.remove(port);
    }

    private static int chosenByTheKernel() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on loopback: " + e.getMessage(), e);
        }
    }
}
