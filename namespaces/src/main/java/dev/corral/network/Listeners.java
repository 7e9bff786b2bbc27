package dev.corral.network;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/** The sockets at which the host listens for published ports; made by the thread whose network they shall be in. */
final class Listeners implements AutoCloseable {
    private final List<ServerSocketChannel> sockets = new ArrayList<>();
    private final List<PublishedPort> ports = new ArrayList<>();

    private Listeners() {}

    /** Binds all of them, or none. */
    static Listeners open(List<PublishedPort> wanted) {
        Listeners opened = new Listeners();
        for (PublishedPort port : wanted) {
            try {
                opened.add(port);
            } catch (IOException refused) {
                opened.close();
                throw refused(port, hint(port, refused), refused);
            } catch (UnsupportedOperationException refused) {
                opened.close();
                throw refused(port, ": this JVM was started without it (java.net.preferIPv4Stack)", refused);
            } catch (RuntimeException | Error failed) {
                opened.close();
                throw failed;
            }
        }
        return opened;
    }

    private void add(PublishedPort wanted) throws IOException {
        boolean ipv4 = wanted.address().getAddress().getAddress().length == 4;
        ServerSocketChannel socket =
                ServerSocketChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        sockets.add(socket);
        socket.bind(wanted.address());
        ports.add(new PublishedPort((InetSocketAddress) socket.getLocalAddress(), wanted.port()));
    }

    private static String hint(PublishedPort port, IOException refused) {
        boolean another = refused instanceof BindException && port.address().getPort() != 0;
        return another ? "; port 0 takes one that is free" : "";
    }

    private static PortUnavailable refused(PublishedPort port, String hint, Exception refused) {
        return new PortUnavailable("can't publish " + port + ": " + refused.getMessage() + hint, "", refused);
    }

    /** With the ports that were chosen for 0. */
    List<PublishedPort> ports() {
        return ports;
    }

    /** Starts to forward to servers inside; the listeners belong to the result, which is not there if no port is. */
    List<Forwarder> forward(ChildNamespace namespace, String name, List<InetAddress> targets) {
        if (sockets.isEmpty()) {
            return List.of();
        }
        List<Forwarder.Route> routes = new ArrayList<>();
        for (int i = 0; i < sockets.size(); i++) {
            int port = ports.get(i).port();
            routes.add(new Forwarder.Route(
                    sockets.get(i),
                    targets.stream()
                            .map(target -> new InetSocketAddress(target, port))
                            .toList()));
        }
        try {
            return List.of(Forwarder.start(name, namespace::enter, routes));
        } catch (IOException failed) {
            throw new NetworkFailed("can't forward " + ports + ": " + failed.getMessage(), "", failed);
        }
    }

    @Override
    public void close() {
        sockets.forEach(Forwarder::close);
    }
}
