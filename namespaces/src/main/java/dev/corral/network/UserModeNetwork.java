package dev.corral.network;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A network without privilege: a program of the JVM's user sits at the other end of the child's interface {@code tap0} and
 * does with sockets of its own what the child asks for; immutable.
 *
 * <p>slirp4netns is taken if it is installed, else pasta. With the former the child is 10.0.2.100, its way out 10.0.2.2 and
 * its name server 10.0.2.3; with the latter it has the host's own addresses. Both need a {@code /dev/net/tun} that the user
 * may open. The program ends with the child, and with the JVM. What listens at the host's 127.0.0.1 is out of the child's
 * reach unless {@link #hostLoopback} says otherwise.
 *
 * <p>The child needs a user namespace too, unless the JVM runs as root.
 */
public final class UserModeNetwork implements Network {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Optional<UserModeProgram> program;
    private final Optional<Path> executable;
    private final Duration timeout;
    private final boolean hostLoopback;
    private final List<PublishedPort> ports;

    private UserModeNetwork(
            Optional<UserModeProgram> program,
            Optional<Path> executable,
            Duration timeout,
            boolean hostLoopback,
            List<PublishedPort> ports) {
        this.program = program;
        this.executable = executable;
        this.timeout = timeout;
        this.hostLoopback = hostLoopback;
        this.ports = ports;
    }

    static UserModeNetwork standard() {
        return new UserModeNetwork(Optional.empty(), Optional.empty(), TIMEOUT, false, List.of());
    }

    /** With this program, whichever others are installed. */
    public UserModeNetwork program(UserModeProgram which) {
        return new UserModeNetwork(Optional.of(which), Optional.empty(), timeout, hostLoopback, ports);
    }

    /** With this program from a place of the caller's choice. */
    public UserModeNetwork program(UserModeProgram which, Path file) {
        return new UserModeNetwork(Optional.of(which), Optional.of(file), timeout, hostLoopback, ports);
    }

    /** With another limit for the time until the network is there than 5 s; more than zero. */
    public UserModeNetwork timeout(Duration limit) {
        if (limit.isZero() || limit.isNegative()) {
            throw new IllegalArgumentException("a time-out of " + limit + ": it must be longer than nothing");
        }
        return new UserModeNetwork(program, executable, limit, hostLoopback, ports);
    }

    /** Lets the child reach what listens at the host's 127.0.0.1, by the address of its way out. */
    public UserModeNetwork hostLoopback() {
        return new UserModeNetwork(program, executable, timeout, true, ports);
    }

    @Override
    public UserModeNetwork publish(int hostPort, int port) {
        return (UserModeNetwork) Network.super.publish(hostPort, port);
    }

    /** An IPv6 address is an IllegalArgumentException: slirp4netns has no words for it. */
    @Override
    public UserModeNetwork publish(InetSocketAddress address, int port) {
        List<PublishedPort> more = Ports.and(ports, address, port);
        if (address.getAddress().getAddress().length != 4) {
            throw new IllegalArgumentException(address + ": a user-mode network publishes at IPv4 addresses only");
        }
        return new UserModeNetwork(program, executable, timeout, hostLoopback, more);
    }

    @Override
    public List<PublishedPort> ports() {
        return ports;
    }

    /** The program that was chosen; empty for whichever is installed. */
    public Optional<UserModeProgram> program() {
        return program;
    }

    Optional<Path> executable() {
        return executable;
    }

    /** How long the program may take until the network is there. */
    public Duration timeout() {
        return timeout;
    }

    boolean reachesHostLoopback() {
        return hostLoopback;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof UserModeNetwork that
                && program.equals(that.program)
                && executable.equals(that.executable)
                && timeout.equals(that.timeout)
                && hostLoopback == that.hostLoopback
                && ports.equals(that.ports);
    }

    @Override
    public int hashCode() {
        return Objects.hash(program, executable, timeout, hostLoopback, ports);
    }

    @Override
    public String toString() {
        return "user mode" + program.map(which -> " by " + which.executable()).orElse("")
                + (ports.isEmpty() ? "" : " " + ports);
    }
}
