package dev.corral.network;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An interface of the child's own that hangs on a bridge of the host, with an address of the bridge's network and a default
 * route to the bridge; immutable.
 *
 * <p>Each child gets the lowest address that no other has at that moment, and with the address a link-layer address that
 * goes with it, so that whoever has talked to its predecessor finds the successor. Several JVMs may use one bridge: the
 * kernel's table of names settles who has which address.
 */
public final class BridgeNetwork implements Network {
    private final String bridge;
    private final List<Cidr> addresses;
    private final Optional<InetAddress> wanted;
    private final Interface inside;
    private final List<PublishedPort> ports;

    private BridgeNetwork(
            String bridge,
            List<Cidr> addresses,
            Optional<InetAddress> wanted,
            Interface inside,
            List<PublishedPort> ports) {
        this.bridge = Interface.checkedName(bridge);
        this.addresses = List.copyOf(addresses);
        this.wanted = wanted;
        this.inside = inside;
        this.ports = ports;
    }

    static BridgeNetwork of(String bridge, List<Cidr> addresses) {
        return new BridgeNetwork(bridge, addresses, Optional.empty(), Interface.standard(), List.of());
    }

    /** With one more address of the bridge, such as one for IPv6: the child gets one of each network, with the same number. */
    public BridgeNetwork and(Cidr address) {
        List<Cidr> more = new ArrayList<>(addresses);
        more.add(address);
        return new BridgeNetwork(bridge, more, wanted, inside, ports);
    }

    /**
     * With an address of the caller's choice for the child, such as {@code 10.88.0.7}; with several networks it gets the same
     * number in each. An address outside the bridge's networks, or whose number there is 0, the last, or above 1,000,000, is
     * an IllegalArgumentException.
     */
    public BridgeNetwork address(String address) {
        InetAddress parsed = Cidr.address(address);
        BigInteger number = number(parsed)
                .orElseThrow(() -> new IllegalArgumentException(
                        address + " is no address for a child of " + bridge + " " + addresses));
        if (number.signum() == 0 || number.compareTo(BridgeAttach.MOST) > 0) {
            throw new IllegalArgumentException(
                    address + " has number " + number + " in its network: it is between 1 and " + BridgeAttach.MOST);
        }
        return new BridgeNetwork(bridge, addresses, Optional.of(parsed), inside, ports);
    }

    private Optional<BigInteger> number(InetAddress address) {
        return addresses.stream()
                .filter(network -> network.contains(address))
                .map(network -> new Cidr(address, network.prefix()).number())
                .findFirst();
    }

    /** With another name for the child's interface than {@code eth0}: 1 to 15 bytes without blank, slash or colon. */
    public BridgeNetwork interfaceName(String name) {
        return new BridgeNetwork(bridge, addresses, wanted, inside.name(name), ports);
    }

    /** With a limit for the size of a packet: 68 to 65535 bytes, 1280 or more for IPv6; the kernel's choice is 1500. */
    public BridgeNetwork mtu(int bytes) {
        return new BridgeNetwork(bridge, addresses, wanted, inside.mtu(bytes), ports);
    }

    @Override
    public BridgeNetwork publish(int hostPort, int port) {
        return (BridgeNetwork) Network.super.publish(hostPort, port);
    }

    @Override
    public BridgeNetwork publish(InetSocketAddress address, int port) {
        return new BridgeNetwork(bridge, addresses, wanted, inside, Ports.and(ports, address, port));
    }

    /**
     * Removes the bridge if Corral has made it and nothing is attached to it.
     *
     * @return whether it is gone
     * @throws NetworkException if the kernel refuses
     */
    public boolean remove() {
        return BridgeAttach.remove(bridge);
    }

    /** The name of the bridge. */
    public String bridge() {
        return bridge;
    }

    /** The bridge's own addresses. */
    public List<Cidr> addresses() {
        return addresses;
    }

    @Override
    public List<PublishedPort> ports() {
        return ports;
    }

    Optional<BigInteger> wantedNumber() {
        return wanted.flatMap(this::number);
    }

    Interface inside() {
        return inside;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BridgeNetwork that
                && bridge.equals(that.bridge)
                && addresses.equals(that.addresses)
                && wanted.equals(that.wanted)
                && inside.equals(that.inside)
                && ports.equals(that.ports);
    }

    @Override
    public int hashCode() {
        return Objects.hash(bridge, addresses, wanted, inside, ports);
    }

    @Override
    public String toString() {
        return "bridge " + bridge + " " + addresses + (ports.isEmpty() ? "" : " " + ports);
    }
}
