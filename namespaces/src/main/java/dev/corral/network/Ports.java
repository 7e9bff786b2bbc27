package dev.corral.network;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Lists of published ports. */
final class Ports {
    private Ports() {}

    static List<PublishedPort> and(List<PublishedPort> ports, InetSocketAddress address, int port) {
        List<PublishedPort> more = new ArrayList<>(ports);
        more.add(new PublishedPort(address, port));
        return List.copyOf(more);
    }
}
