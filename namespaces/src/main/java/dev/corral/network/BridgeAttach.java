package dev.corral.network;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.network.RouteMessages.End;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Hangs one child on a bridge.
 *
 * <p>Which addresses are taken is nowhere written down but in the names of the host's ends: {@code vethB-N}, the bridge's
 * index and the address's number to base 36. The kernel makes an interface only if nobody has its name, and forgets it
 * together with the child, so that two JVMs never give the same address and a killed one leaves none behind.
 */
final class BridgeAttach extends Prepared {
    /** As much as fits into a name of 15 bytes beside an index of six digits. */
    static final BigInteger MOST = BigInteger.valueOf(1_000_000);

    private static final String ALIAS = "corral";
    private static final int BASE = 36;
    private static final int MOST_TRIES = 1000;

    private final BridgeNetwork network;
    private final Rtnetlink host;
    private final Listeners listeners;

    private BridgeAttach(BridgeNetwork network, Rtnetlink host, Listeners listeners, Undo undo) {
        super(undo);
        this.network = network;
        this.host = host;
        this.listeners = listeners;
    }

    static Prepared prepare(BridgeNetwork network, Undo undo) {
        Rtnetlink host = undo.add(Veth.open("connecting a child to " + network.bridge()));
        Listeners listeners = undo.add(Listeners.open(network.ports()));
        return new BridgeAttach(network, host, listeners, undo);
    }

    @Override
    Attachment connect(long pid, Undo undo) {
        String doing = "connecting pid " + pid + " to " + network.bridge();
        try (ChildNamespace namespace = ChildNamespace.of(pid)) {
            Link bridge = bridge();
            Placed placed = place(bridge, namespace);
            undo.add(() -> host.delete(placed.end()));
            host.change(
                    "attaching " + placed.end().name() + " to " + bridge.name(),
                    RouteMessages.setMaster(placed.end().index(), bridge.index()));
            host.setUp(placed.end());
            List<InetAddress> gateways =
                    network.addresses().stream().map(Cidr::address).toList();
            Veth.configure(namespace, network.inside().name(), placed.addresses(), gateways);
            InetAddress target = placed.addresses().get(0).address();
            listeners
                    .forward(namespace, "corral-publish-" + pid, List.of(target))
                    .forEach(undo::add);
            return new Attachment(network.inside().name(), placed.addresses(), listeners.ports(), undo);
        } catch (NetlinkRefused refused) {
            throw NetworkErrors.of(doing, refused);
        } catch (ErrnoException refused) {
            throw NetworkErrors.of(doing, refused);
        }
    }

    /** The bridge as it shall be; somebody else may be making it at the same time. */
    private Link bridge() {
        Optional<Link> there = host.link(network.bridge());
        if (there.isEmpty()) {
            byte[] mac = Veth.mac(network.addresses().get(0).address());
            // Without an address of its own it takes that of one child after the other, and its neighbours lose it.
            if (unlessThere(
                    "making " + network.bridge(), RouteMessages.newBridge(network.bridge(), Optional.of(mac)))) {
                Link made = host.bareLink(network.bridge()).orElseThrow(() -> Veth.gone(network.bridge()));
                host.change("marking " + made.name(), RouteMessages.setAlias(made.index(), ALIAS));
            }
            there = host.link(network.bridge());
        }
        Link bridge = there.orElseThrow(() -> Veth.gone(network.bridge()));
        if (!bridge.kind().equals(Optional.of("bridge"))) {
            throw new NetworkFailed(
                    network.bridge() + " is no bridge but " + bridge.kind().orElse("hardware")
                            + ": choose another name",
                    "",
                    null);
        }
        for (Cidr address : network.addresses()) {
            if (!bridge.addresses().contains(address)) {
                unlessThere("adding " + address, RouteMessages.addAddress(bridge.index(), address));
            }
        }
        if (!bridge.up()) {
            host.setUp(bridge);
        }
        return bridge;
    }

    private boolean unlessThere(String what, NetlinkMessage message) {
        try {
            host.change(what, message);
            return true;
        } catch (NetlinkRefused refused) {
            if (refused.errno() != Errno.EEXIST) {
                throw refused;
            }
            return false;
        }
    }

    /** The host's end, and what its name stands for. */
    private record Placed(Link end, List<Cidr> addresses) {}

    private Placed place(Link bridge, ChildNamespace namespace) {
        Optional<BigInteger> wanted = network.wantedNumber();
        Set<String> names = new HashSet<>();
        host.links().forEach(link -> names.add(link.name()));
        Set<BigInteger> reserved = new HashSet<>();
        network.addresses().forEach(address -> reserved.add(address.number()));
        BigInteger last = network.addresses().stream().map(Cidr::last).reduce(MOST, BigInteger::min);
        int tries = 0;
        BigInteger number = wanted.orElse(BigInteger.ONE);
        BigInteger end = wanted.orElse(last);
        for (; number.compareTo(end) <= 0 && tries < MOST_TRIES; number = number.add(BigInteger.ONE)) {
            String name = name(bridge, number);
            if (reserved.contains(number) || names.contains(name)) {
                continue;
            }
            tries++;
            Optional<Placed> placed = place(name, number, namespace);
            if (placed.isPresent()) {
                return placed.get();
            }
        }
        throw new AddressTaken(
                wanted.isPresent()
                        ? "number " + wanted.get() + " of " + network.addresses() + " on " + network.bridge()
                                + " is taken: another child or the bridge has it"
                        : "no free address in " + network.addresses() + " on " + network.bridge()
                                + ": take a larger network",
                "",
                null);
    }

    private Optional<Placed> place(String name, BigInteger number, ChildNamespace namespace) {
        List<Cidr> addresses =
                network.addresses().stream().map(own -> own.host(number)).toList();
        Optional<Integer> mtu = network.inside().mtu();
        End here = new End(name, mtu, Optional.empty());
        End there = new End(
                network.inside().name(),
                mtu,
                Optional.of(Veth.mac(addresses.get(0).address())));
        try {
            return Optional.of(new Placed(Veth.create(host, namespace, here, there), addresses));
        } catch (NetlinkRefused refused) {
            // Either somebody was faster, or the child has an interface of that name: only the list can tell.
            if (refused.errno() == Errno.EEXIST && host.bareLink(name).isPresent()) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static String name(Link bridge, BigInteger number) {
        return "veth" + Integer.toString(bridge.index(), BASE) + "-" + number.toString(BASE);
    }

    static boolean remove(String name) {
        try (Rtnetlink host = Veth.open("removing " + name)) {
            List<Link> links = host.links();
            Optional<Link> found =
                    links.stream().filter(link -> link.name().equals(name)).findFirst();
            if (found.isEmpty()) {
                return true;
            }
            Link bridge = found.get();
            boolean used = links.stream().anyMatch(link -> link.master().equals(Optional.of(bridge.index())));
            if (used || !bridge.alias().equals(Optional.of(ALIAS))) {
                return false;
            }
            host.delete(bridge);
            return true;
        } catch (NetlinkRefused refused) {
            throw NetworkErrors.of("removing " + name, refused);
        }
    }
}
