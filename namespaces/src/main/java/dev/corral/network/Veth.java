package dev.corral.network;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.network.RouteMessages.End;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Pairs of interfaces, one end on the host and one in a child. */
final class Veth {
    private Veth() {}

    /** Opens the routing tables of the calling thread's network. */
    static Rtnetlink open(String doing) {
        try {
            return Rtnetlink.open();
        } catch (ErrnoException refused) {
            throw NetworkErrors.of(doing, refused);
        }
    }

    /** Makes a pair and gives the host's end, which takes the other one with it when deleted. */
    static Link create(Rtnetlink host, ChildNamespace namespace, End here, End there) {
        host.change(
                "making " + here.name() + " and " + there.name(),
                RouteMessages.newVeth(here, there, namespace.number()));
        return host.bareLink(here.name()).orElseThrow(() -> gone(here.name()));
    }

    /** Sets up what the child has: its addresses, its loopback device, its way out. */
    static void configure(ChildNamespace namespace, String name, List<Cidr> addresses, List<InetAddress> gateways) {
        try (Rtnetlink inside = namespace.call(Rtnetlink::open)) {
            inside.bareLink("lo").filter(loopback -> !loopback.up()).ifPresent(inside::setUp);
            Link link = inside.bareLink(name).orElseThrow(() -> gone(name));
            addresses.forEach(address -> inside.addAddress(link, address));
            inside.setUp(link);
            gateways.forEach(gateway -> inside.addDefaultRoute(link, gateway));
        }
    }

    static NetlinkRefused gone(String name) {
        return new NetlinkRefused("looking for " + name, Errno.ENODEV, Optional.of("somebody removed it"));
    }

    /** A link-layer address that follows from an IP address: a successor at the same address is found where it was. */
    static byte[] mac(InetAddress address) {
        byte[] bytes = address.getAddress();
        int length = bytes.length;
        return new byte[] {2, 'C', bytes[length - 4], bytes[length - 3], bytes[length - 2], bytes[length - 1]};
    }
}
