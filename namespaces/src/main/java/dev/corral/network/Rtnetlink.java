package dev.corral.network;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.NetlinkSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The links, addresses and routes of one network namespace: that of the thread which opened it, whoever uses it afterwards.
 * Every call is answered by the kernel at once; a refusal is a {@link NetlinkRefused}. Belongs to one thread at a time.
 */
final class Rtnetlink implements AutoCloseable {
    /** The kernel answers at once, unless somebody else keeps its routing lock. */
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** A list that changes while it is read is read again; nobody changes it so often for long. */
    private static final int MOST_READS = 10;

    private final NetlinkSocket socket;
    private int sequence;

    private Rtnetlink(NetlinkSocket socket) {
        this.socket = socket;
    }

    static Rtnetlink open() {
        return new Rtnetlink(NetlinkSocket.open(LIMIT));
    }

    /** Makes a change and waits for the kernel's word on it. */
    void change(String what, NetlinkMessage message) {
        socket.send(message.bytes(++sequence));
        while (true) {
            for (NetlinkReply reply : NetlinkReply.parse(socket.receive())) {
                if (reply.sequence() == sequence && reply.type() == NetlinkReply.ERROR) {
                    check(what, reply);
                    return;
                }
            }
        }
    }

    private static void check(String what, NetlinkReply reply) {
        if (reply.errno() != 0) {
            throw new NetlinkRefused(what, reply.errno(), reply.errorText());
        }
    }

    /** All links with their addresses, by index. */
    List<Link> links() {
        Map<Integer, List<Cidr>> addresses = new HashMap<>();
        for (NetlinkReply reply : list("listing addresses", RouteMessages::listAddresses)) {
            address(reply, addresses);
        }
        List<Link> links = new ArrayList<>();
        for (NetlinkReply reply : list("listing links", RouteMessages::listLinks)) {
            if (reply.type() == RouteMessages.NEW_LINK) {
                Link link = Link.parse(reply);
                links.add(link.with(addresses.getOrDefault(link.index(), List.of())));
            }
        }
        links.sort(Comparator.comparingInt(Link::index));
        return links;
    }

    /** The link of that name with its addresses. */
    Optional<Link> link(String name) {
        return links().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /** The link of that name without its addresses: the kernel need not go through all that a busy host has. */
    Optional<Link> bareLink(String name) {
        try {
            return list("looking for " + name, () -> RouteMessages.getLink(name)).stream()
                    .filter(reply -> reply.type() == RouteMessages.NEW_LINK)
                    .map(Link::parse)
                    .findFirst();
        } catch (NetlinkRefused refused) {
            if (refused.errno() == Errno.ENODEV) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static void address(NetlinkReply reply, Map<Integer, List<Cidr>> addresses) {
        if (reply.type() != RouteMessages.NEW_ADDRESS) {
            return;
        }
        Map<Integer, ByteBuffer> found = reply.attributes(8);
        // With a peer the two differ, and only the local one is this link's; IPv6 gives just the other.
        @Nullable
        ByteBuffer local = found.getOrDefault(RouteMessages.ADDRESS_LOCAL, found.get(RouteMessages.ADDRESS_ADDRESS));
        if (local != null) {
            addresses
                    .computeIfAbsent(reply.body().getInt(4), index -> new ArrayList<>())
                    .add(new Cidr(
                            Cidr.of(NetlinkReply.bytes(local)), reply.body().get(1) & 0xff));
        }
    }

    private List<NetlinkReply> list(String what, Supplier<NetlinkMessage> message) {
        for (int i = 0; i < MOST_READS; i++) {
            Optional<List<NetlinkReply>> whole = read(what, message.get());
            if (whole.isPresent()) {
                return whole.get();
            }
        }
        throw new NetlinkRefused(what, Errno.EAGAIN, Optional.of("it changes all the time"));
    }

    /** Empty when what was listed changed meanwhile. */
    private Optional<List<NetlinkReply>> read(String what, NetlinkMessage message) {
        socket.send(message.bytes(++sequence));
        List<NetlinkReply> all = new ArrayList<>();
        boolean interrupted = false;
        while (true) {
            for (NetlinkReply reply : NetlinkReply.parse(socket.receive())) {
                if (reply.sequence() != sequence) {
                    continue;
                }
                interrupted |= reply.interrupted();
                if (reply.type() == NetlinkReply.DONE || reply.type() == NetlinkReply.ERROR) {
                    check(what, reply);
                    return interrupted ? Optional.empty() : Optional.of(all);
                }
                all.add(reply);
            }
        }
    }

    void addAddress(Link link, Cidr address) {
        change("adding " + address + " to " + link.name(), RouteMessages.addAddress(link.index(), address));
    }

    void setUp(Link link) {
        change("setting " + link.name() + " up", RouteMessages.setUp(link.index(), true));
    }

    /** Sends everything that has no other way through a gateway. */
    void addDefaultRoute(Link link, InetAddress gateway) {
        Cidr everything = new Cidr(Cidr.of(new byte[gateway.getAddress().length]), 0);
        change(
                "adding a default route through " + gateway.getHostAddress(),
                RouteMessages.addRoute(everything, gateway, link.index()));
    }

    /** Deletes a link, and with one end of a pair the other; nothing happens when it is gone. */
    void delete(Link link) {
        try {
            change("deleting " + link.name(), RouteMessages.deleteLink(link.index()));
        } catch (NetlinkRefused refused) {
            if (refused.errno() != Errno.ENODEV) {
                throw refused;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
