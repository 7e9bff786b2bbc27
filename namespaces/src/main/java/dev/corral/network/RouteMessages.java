package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.util.Optional;

/**
 * The requests to the kernel's routing tables, as {@code ip} of iproute2 writes them. Source: rtnetlink(7);
 * linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h, linux/veth.h.
 */
final class RouteMessages {
    static final int NEW_LINK = 16;
    private static final int DEL_LINK = 17;
    private static final int GET_LINK = 18;
    static final int NEW_ADDRESS = 20;
    private static final int GET_ADDRESS = 22;
    private static final int NEW_ROUTE = 24;

    static final int LINK_ADDRESS = 1;
    static final int LINK_NAME = 3;
    static final int LINK_MTU = 4;
    static final int LINK_MASTER = 10;
    static final int LINK_INFO = 18;
    static final int LINK_ALIAS = 20;
    private static final int LINK_NAMESPACE_FD = 28;
    static final int INFO_KIND = 1;
    private static final int INFO_DATA = 2;
    private static final int VETH_PEER = 1;

    static final int ADDRESS_ADDRESS = 1;
    static final int ADDRESS_LOCAL = 2;
    private static final int ADDRESS_NO_DUPLICATE_CHECK = 2;

    private static final int ROUTE_DESTINATION = 1;
    private static final int ROUTE_OUT = 4;
    private static final int ROUTE_GATEWAY = 5;
    private static final int TABLE_MAIN = 254;
    private static final int PROTOCOL_BOOT = 3;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int UNICAST = 1;

    static final int UP = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private static final int CHANGE = NetlinkMessage.REQUEST | NetlinkMessage.ACK;
    private static final int MAKE = CHANGE | NetlinkMessage.CREATE | NetlinkMessage.EXCL;

    private RouteMessages() {}

    /**
     * One end of a new pair.
     *
     * @param mtu in bytes
     * @param mac six bytes
     */
    record End(String name, Optional<Integer> mtu, Optional<byte[]> mac) {
        End(String name) {
            this(name, Optional.empty(), Optional.empty());
        }
    }

    static NetlinkMessage newBridge(String name, Optional<byte[]> mac) {
        NetlinkMessage message = new NetlinkMessage(NEW_LINK, MAKE);
        link(message, 0, 0, 0).attribute(LINK_NAME, name);
        mac.ifPresent(bytes -> message.attribute(LINK_ADDRESS, bytes));
        return message.nested(LINK_INFO, info -> info.attribute(INFO_KIND, "bridge".getBytes(UTF_8)));
    }

    /** A pair, the first end here and the second in the network namespace that a descriptor names. */
    static NetlinkMessage newVeth(End here, End there, int namespace) {
        NetlinkMessage message = new NetlinkMessage(NEW_LINK, MAKE);
        end(link(message, 0, 0, 0), here);
        return message.nested(
                LINK_INFO,
                info -> info.attribute(INFO_KIND, "veth".getBytes(UTF_8))
                        .nested(
                                INFO_DATA,
                                data -> data.nested(
                                        VETH_PEER,
                                        peer -> end(
                                                link(peer, 0, 0, 0).attribute(LINK_NAMESPACE_FD, namespace), there))));
    }

    private static void end(NetlinkMessage message, End end) {
        message.attribute(LINK_NAME, end.name());
        end.mtu().ifPresent(mtu -> message.attribute(LINK_MTU, mtu));
        end.mac().ifPresent(mac -> message.attribute(LINK_ADDRESS, mac));
    }

    static NetlinkMessage setUp(int index, boolean up) {
        return link(new NetlinkMessage(NEW_LINK, CHANGE), index, up ? UP : 0, UP);
    }

    static NetlinkMessage setMaster(int index, int bridge) {
        return link(new NetlinkMessage(NEW_LINK, CHANGE), index, 0, 0).attribute(LINK_MASTER, bridge);
    }

    static NetlinkMessage setMtu(int index, int mtu) {
        return link(new NetlinkMessage(NEW_LINK, CHANGE), index, 0, 0).attribute(LINK_MTU, mtu);
    }

    static NetlinkMessage setMac(int index, byte[] mac) {
        return link(new NetlinkMessage(NEW_LINK, CHANGE), index, 0, 0).attribute(LINK_ADDRESS, mac);
    }

    static NetlinkMessage setAlias(int index, String alias) {
        return link(new NetlinkMessage(NEW_LINK, CHANGE), index, 0, 0).attribute(LINK_ALIAS, alias.getBytes(UTF_8));
    }

    static NetlinkMessage deleteLink(int index) {
        return link(new NetlinkMessage(DEL_LINK, CHANGE), index, 0, 0);
    }

    static NetlinkMessage listLinks() {
        return link(new NetlinkMessage(GET_LINK, NetlinkMessage.REQUEST | NetlinkMessage.DUMP), 0, 0, 0);
    }

    static NetlinkMessage getLink(String name) {
        return link(new NetlinkMessage(GET_LINK, CHANGE), 0, 0, 0).attribute(LINK_NAME, name);
    }

    /** An IPv6 address comes without the second in which the kernel asks whether somebody else has it. */
    static NetlinkMessage addAddress(int index, Cidr address) {
        byte[] bytes = address.address().getAddress();
        return address(new NetlinkMessage(NEW_ADDRESS, MAKE), family(address.address()), address.prefix(), index)
                .attribute(ADDRESS_LOCAL, bytes)
                .attribute(ADDRESS_ADDRESS, bytes);
    }

    static NetlinkMessage listAddresses() {
        return address(new NetlinkMessage(GET_ADDRESS, NetlinkMessage.REQUEST | NetlinkMessage.DUMP), 0, 0, 0);
    }

    /** A route to a network, or to everything if its prefix is 0, through a gateway. */
    static NetlinkMessage addRoute(Cidr destination, InetAddress gateway, int index) {
        NetlinkMessage message = new NetlinkMessage(NEW_ROUTE, MAKE)
                .u8(family(gateway))
                .u8(destination.prefix())
                .u8(0)
                .u8(0)
                .u8(TABLE_MAIN)
                .u8(PROTOCOL_BOOT)
                .u8(SCOPE_UNIVERSE)
                .u8(UNICAST)
                .u32(0);
        // As ip has it: with IPv6 a default route names everything, with IPv4 it names nothing.
        if (destination.prefix() > 0 || destination.isIpv6()) {
            message.attribute(ROUTE_DESTINATION, destination.address().getAddress());
        }
        return message.attribute(ROUTE_GATEWAY, gateway.getAddress()).attribute(ROUTE_OUT, index);
    }

    /** struct ifinfomsg. */
    private static NetlinkMessage link(NetlinkMessage message, int index, int flags, int change) {
        return message.u8(0).u8(0).u16(0).u32(index).u32(flags).u32(change);
    }

    /** struct ifaddrmsg. */
    private static NetlinkMessage address(NetlinkMessage message, int family, int prefix, int index) {
        int flags = family == AF_INET6 ? ADDRESS_NO_DUPLICATE_CHECK : 0;
        return message.u8(family).u8(prefix).u8(flags).u8(SCOPE_UNIVERSE).u32(index);
    }

    private static int family(InetAddress address) {
        return address.getAddress().length == 4 ? AF_INET : AF_INET6;
    }
}
