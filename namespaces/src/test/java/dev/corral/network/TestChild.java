package dev.corral.network;

import static dev.corral.namespaces.NamespaceType.NET;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.namespaces.Namespaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.Callable;

/** A child with a network of its own, and sockets of this JVM inside it: no program is needed to try what it can reach. */
final class TestChild implements AutoCloseable {
    private final Child child;

    private TestChild(Child child) {
        this.child = child;
    }

    static TestChild start() {
        return new TestChild(OwnNetwork.outside(
                () -> Command.of("sleep", "1000").with(Namespaces.unshare(NET)).start()));
    }

    long pid() {
        return child.payloadPid();
    }

    Child child() {
        return child;
    }

    private <T> T inside(Callable<T> work) {
        try (ChildNamespace namespace = ChildNamespace.of(pid())) {
            return namespace.call(work);
        }
    }

    /** A server inside that sends back what it gets, one connection after the other, until it is closed. */
    ServerSocket echo(InetAddress address, int port) {
        ServerSocket server = inside(() -> new ServerSocket(port, 50, address));
        Thread thread = new Thread(() -> serve(server), "echo-" + pid());
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    /** A server inside at all addresses, for the test to accept from. */
    ServerSocket server(int port) {
        return inside(() -> new ServerSocket(port));
    }

    private static void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                connection.getInputStream().transferTo(connection.getOutputStream());
            } catch (IOException failed) {
                if (!(failed instanceof SocketException)) {
                    throw new UncheckedIOException(failed);
                }
            }
        }
    }

    /** A connection from inside. */
    Socket connect(InetAddress address, int port) {
        return inside(() -> new Socket(address, port));
    }

    @Override
    public void close() {
        child.close();
    }
}
