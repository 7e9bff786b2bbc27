package dev.corral.network;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No network but the loopback device, and published ports as the only way in; immutable.
 *
 * <p>Every connection comes to the child from 127.0.0.1: a server that trusts whoever is local trusts whoever reaches the
 * host's port.
 */
public final class LoopbackNetwork implements Network {
    private final List<PublishedPort> ports;

    LoopbackNetwork(List<PublishedPort> ports) {
        this.ports = ports;
    }

    @Override
    public LoopbackNetwork publish(int hostPort, int port) {
        return (LoopbackNetwork) Network.super.publish(hostPort, port);
    }

    @Override
    public LoopbackNetwork publish(InetSocketAddress address, int port) {
        return new LoopbackNetwork(Ports.and(ports, address, port));
    }

    @Override
    public List<PublishedPort> ports() {
        return ports;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LoopbackNetwork that && ports.equals(that.ports);
    }

    @Override
    public int hashCode() {
        return ports.hashCode();
    }

    @Override
    public String toString() {
        return "loopback" + (ports.isEmpty() ? "" : " " + ports);
    }
}
