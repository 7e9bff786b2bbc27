package dev.corral.network;

import java.net.InetSocketAddress;

/**
 * A TCP port of a child and where the host listens for it.
 *
 * @param address where the host listens; port 0 stands for one that is free, chosen at the start
 * @param port the child's port, 1 to 65535
 */
public record PublishedPort(InetSocketAddress address, int port) {
    private static final int LAST = 65_535;

    /** Refuses an unresolved host name and a port outside its range with an IllegalArgumentException. */
    public PublishedPort {
        if (address.isUnresolved()) {
            throw new IllegalArgumentException(address + " is no address to listen at");
        }
        if (port < 1 || port > LAST) {
            throw new IllegalArgumentException("port " + port + " of the child: it is between 1 and " + LAST);
        }
    }

    /** As in {@code 127.0.0.1:8080 -> 80}. */
    @Override
    public String toString() {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort() + " -> " + port;
    }
}
