package dev.corral.network;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network interface as it was when the kernel was asked. Source: rtnetlink(7), RTM_NEWLINK and RTM_NEWADDR; ip-link(8).
 *
 * @param index the kernel's number for it, unique in its network namespace and never used again
 * @param name such as {@code lo} or {@code eth0}
 * @param kind what it is, such as {@code veth} or {@code bridge}; empty for hardware and for the loopback device
 * @param up whether it was set up; whether it has a carrier is another matter
 * @param mtu the largest packet in bytes
 * @param mac the link-layer address, such as {@code 02:43:0a:58:00:02}; empty where there is none
 * @param master the index of the bridge it is attached to
 * @param alias a text somebody gave it
 * @param addresses its IP addresses, in the kernel's order
 */
public record Link(
        int index,
        String name,
        Optional<String> kind,
        boolean up,
        int mtu,
        Optional<String> mac,
        Optional<Integer> master,
        Optional<String> alias,
        List<Cidr> addresses) {
    private static final int MESSAGE = 16;

    public Link {
        addresses = List.copyOf(addresses);
    }

    /** Reads the kernel's message about a link; its addresses come in others. */
    static Link parse(NetlinkReply reply) {
        ByteBuffer body = reply.body();
        Map<Integer, ByteBuffer> found = reply.attributes(MESSAGE);
        return new Link(
                body.getInt(4),
                text(found, RouteMessages.LINK_NAME).orElse(""),
                Optional.ofNullable(found.get(RouteMessages.LINK_INFO))
                        .flatMap(info -> text(NetlinkReply.attributes(info, 0), RouteMessages.INFO_KIND)),
                (body.getInt(8) & RouteMessages.UP) != 0,
                number(found, RouteMessages.LINK_MTU).orElse(0),
                Optional.ofNullable(found.get(RouteMessages.LINK_ADDRESS))
                        .map(mac -> HexFormat.ofDelimiter(":").formatHex(NetlinkReply.bytes(mac)))
                        .filter(mac -> !mac.isEmpty()),
                number(found, RouteMessages.LINK_MASTER),
                text(found, RouteMessages.LINK_ALIAS).filter(alias -> !alias.isEmpty()),
                List.of());
    }

    Link with(List<Cidr> others) {
        return new Link(index, name, kind, up, mtu, mac, master, alias, others);
    }

    private static Optional<String> text(Map<Integer, ByteBuffer> found, int type) {
        return Optional.ofNullable(found.get(type)).map(NetlinkReply::text);
    }

    private static Optional<Integer> number(Map<Integer, ByteBuffer> found, int type) {
        return Optional.ofNullable(found.get(type)).map(value -> value.getInt(0));
    }
}
