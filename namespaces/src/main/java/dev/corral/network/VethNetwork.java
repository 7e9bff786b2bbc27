package dev.corral.network;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pair of interfaces between the host and one child, without a bridge; immutable. The child has a default route to the
 * host's end.
 */
public final class VethNetwork implements Network {
    private final Cidr host;
    private final Cidr child;
    private final Interface inside;
    private final List<PublishedPort> ports;

    private VethNetwork(Cidr host, Cidr child, Interface inside, List<PublishedPort> ports) {
        this.host = host;
        this.child = child;
        this.inside = inside;
        this.ports = ports;
    }

    static VethNetwork of(Cidr host, Cidr child) {
        if (!child.contains(host.address()) || child.address().equals(host.address())) {
            throw new IllegalArgumentException(
                    host + " and " + child + " are not two addresses of one network: the child could not answer");
        }
        return new VethNetwork(host, child, Interface.standard(), List.of());
    }

    /** With another name for the child's interface than {@code eth0}: 1 to 15 bytes without blank, slash or colon. */
    public VethNetwork interfaceName(String name) {
        return new VethNetwork(host, child, inside.name(name), ports);
    }

    /** With a limit for the size of a packet: 68 to 65535 bytes, 1280 or more for IPv6; the kernel's choice is 1500. */
    public VethNetwork mtu(int bytes) {
        return new VethNetwork(host, child, inside.mtu(bytes), ports);
    }

    @Override
    public VethNetwork publish(int hostPort, int port) {
        return (VethNetwork) Network.super.publish(hostPort, port);
    }

    @Override
    public VethNetwork publish(InetSocketAddress address, int port) {
        return new VethNetwork(host, child, inside, Ports.and(ports, address, port));
    }

    /** The address of the host's end. */
    public Cidr host() {
        return host;
    }

    /** The address of the child's end. */
    public Cidr child() {
        return child;
    }

    @Override
    public List<PublishedPort> ports() {
        return ports;
    }

    Interface inside() {
        return inside;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VethNetwork that
                && host.equals(that.host)
                && child.equals(that.child)
                && inside.equals(that.inside)
                && ports.equals(that.ports);
    }

    @Override
    public int hashCode() {
        return Objects.hash(host, child, inside, ports);
    }

    @Override
    public String toString() {
        return "veth " + host + " " + child + (ports.isEmpty() ? "" : " " + ports);
    }
}
