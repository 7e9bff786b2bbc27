package dev.corral.network;

import dev.corral.internal.linux.ErrnoException;
import java.util.List;

/** Brings up one child's loopback device and forwards to it. */
final class LoopbackAttach extends Prepared {
    private static final List<Cidr> ADDRESSES = List.of(Cidr.parse("127.0.0.1/8"), Cidr.parse("::1/128"));

    private final Listeners listeners;

    private LoopbackAttach(Listeners listeners, Undo undo) {
        super(undo);
        this.listeners = listeners;
    }

    static Prepared prepare(LoopbackNetwork network, Undo undo) {
        return new LoopbackAttach(undo.add(Listeners.open(network.ports())), undo);
    }

    @Override
    Attachment connect(long pid, Undo undo) {
        String doing = "bringing up the loopback device of pid " + pid;
        try (ChildNamespace namespace = ChildNamespace.of(pid)) {
            try (Rtnetlink inside = namespace.call(Rtnetlink::open)) {
                inside.bareLink("lo").filter(loopback -> !loopback.up()).ifPresent(inside::setUp);
            }
            listeners
                    .forward(
                            namespace,
                            "corral-publish-" + pid,
                            ADDRESSES.stream().map(Cidr::address).toList())
                    .forEach(undo::add);
            return new Attachment("lo", ADDRESSES, listeners.ports(), undo);
        } catch (NetlinkRefused refused) {
            throw NetworkErrors.of(doing, refused);
        } catch (ErrnoException refused) {
            throw NetworkErrors.of(doing, refused);
        }
    }
}
