package dev.corral.network;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.network.RouteMessages.End;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Connects one child to the host by a pair of interfaces. */
final class VethAttach extends Prepared {
    private final VethNetwork network;
    private final Rtnetlink host;
    private final Listeners listeners;

    private VethAttach(VethNetwork network, Rtnetlink host, Listeners listeners, Undo undo) {
        super(undo);
        this.network = network;
        this.host = host;
        this.listeners = listeners;
    }

    static Prepared prepare(VethNetwork network, Undo undo) {
        Rtnetlink host = undo.add(Veth.open("connecting a child by " + network));
        Listeners listeners = undo.add(Listeners.open(network.ports()));
        return new VethAttach(network, host, listeners, undo);
    }

    @Override
    Attachment connect(long pid, Undo undo) {
        String doing = "connecting pid " + pid + " by " + network;
        try (ChildNamespace namespace = ChildNamespace.of(pid)) {
            checkFree();
            Link end = create(namespace);
            undo.add(() -> host.delete(end));
            host.addAddress(end, network.host());
            host.setUp(end);
            String name = network.inside().name();
            Veth.configure(
                    namespace,
                    name,
                    List.of(network.child()),
                    List.of(network.host().address()));
            listeners
                    .forward(
                            namespace,
                            "corral-publish-" + pid,
                            List.of(network.child().address()))
                    .forEach(undo::add);
            return new Attachment(name, List.of(network.child()), listeners.ports(), undo);
        } catch (NetlinkRefused refused) {
            throw NetworkErrors.of(doing, refused);
        } catch (ErrnoException refused) {
            throw NetworkErrors.of(doing, refused);
        }
    }

    /** The kernel would take the same address on a second interface, and packets would find one of them by chance. */
    private void checkFree() {
        for (Link link : host.links()) {
            for (Cidr address : link.addresses()) {
                if (address.address().equals(network.host().address())) {
                    throw new AddressTaken(network.host() + " is taken: " + link.name() + " has it", "", null);
                }
            }
        }
    }

    private Link create(ChildNamespace namespace) {
        Optional<Integer> mtu = network.inside().mtu();
        byte[] mac = Veth.mac(network.child().address());
        String name =
                "veth" + HexFormat.of().formatHex(network.host().address().getAddress(), lastFour(), lastFour() + 4);
        try {
            return Veth.create(
                    host,
                    namespace,
                    new End(name, mtu, Optional.empty()),
                    new End(network.inside().name(), mtu, Optional.of(mac)));
        } catch (NetlinkRefused refused) {
            if (refused.errno() == Errno.EEXIST && host.bareLink(name).isPresent()) {
                throw new AddressTaken(network.host() + " is taken: " + name + " is there", "EEXIST", refused);
            }
            throw refused;
        }
    }

    private int lastFour() {
        return network.host().address().getAddress().length - 4;
    }
}
