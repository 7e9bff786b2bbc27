package dev.corral.network;

import dev.corral.Confinement;
import dev.corral.Launch;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * A network for one child, and ports of it published on the host; an immutable value that may be given to many children.
 *
 * <ul>
 *   <li>{@link #bridge} and {@link #veth} connect it to the host and to other children. They need CAP_NET_ADMIN and
 *       CAP_SYS_ADMIN.
 *   <li>{@link #userMode} connects it to whatever the JVM's user can reach, without privilege, through slirp4netns or
 *       pasta.
 *   <li>{@link #loopback} connects it to nothing: published ports are the only way in. It needs CAP_SYS_ADMIN.
 * </ul>
 *
 * <p>The host's routing, packet filters and sysctls stay as they are: whether a bridge leads further than the host is the
 * host's business. The host is where the thread is that starts the child: for work that was sent into another network
 * namespace by {@code call}, that one, in which bridge, pairs and published ports then lie.
 */
public sealed interface Network extends Confinement
        permits BridgeNetwork, VethNetwork, UserModeNetwork, LoopbackNetwork {
    /**
     * An interface that hangs on a bridge of the host. The bridge is made when it is not there, gets the addresses that it
     * has not, and stays when the children have gone: {@link BridgeNetwork#remove} takes it away.
     *
     * @param name of the bridge, 1 to 15 bytes
     * @param address the bridge's own, which is the child's way out; the child gets a free one of the same network
     */
    static BridgeNetwork bridge(String name, Cidr address) {
        return BridgeNetwork.of(name, List.of(address));
    }

    /** A pair of interfaces with addresses of the caller's choice, one on the host and one in the child. */
    static VethNetwork veth(Cidr host, Cidr child) {
        return VethNetwork.of(host, child);
    }

    /** A network that a program of the same user makes out of ordinary sockets. */
    static UserModeNetwork userMode() {
        return UserModeNetwork.standard();
    }

    /** The loopback device alone. */
    static LoopbackNetwork loopback() {
        return new LoopbackNetwork(List.of());
    }

    /**
     * With a TCP port of the child that the host listens for at 127.0.0.1.
     *
     * @param hostPort 0 for one that is free: {@link Attachment#published} tells which
     */
    default Network publish(int hostPort, int port) {
        return publish(new InetSocketAddress(Cidr.address("127.0.0.1"), hostPort), port);
    }

    /** With a TCP port of the child that the host listens for at an address; 0.0.0.0 stands for all of them. */
    Network publish(InetSocketAddress address, int port);

    /** The ports to publish, as they were asked for. */
    List<PublishedPort> ports();

    /**
     * Gives this network to a running child that has a network namespace of its own. The result belongs to the caller, and
     * is closed by itself when that process ends.
     *
     * @param pid a process of the child, as the JVM sees it
     * @throws NetworkException if that can't be; nothing is left of the attempt
     */
    default Attachment attach(long pid) {
        try (Prepared prepared = Prepared.of(this)) {
            Attachment attachment = prepared.attach(pid);
            attachment.closeAfter(pid);
            return attachment;
        }
    }

    /**
     * Gives each child a network namespace of its own and connects it before the program begins; {@link
     * dev.corral.Child#find} finds the {@link Attachment}. An ordinary user adds a user namespace.
     */
    @Override
    default void prepare(Launch launch) {
        Prepared prepared = Prepared.of(this);
        launch.own(prepared);
        launch.namespaces(List.of("net")).loopback();
        launch.attachNetwork(pid -> {
            Attachment attachment = prepared.attach(pid);
            launch.provide(attachment);
            return attachment;
        });
        launch.explain(exit -> {
            prepared.end();
            return exit;
        });
    }
}
