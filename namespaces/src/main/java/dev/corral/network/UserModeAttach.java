package dev.corral.network;

import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Connects one child through a program of the same user. */
final class UserModeAttach extends Prepared {
    static final String INTERFACE = "tap0";

    private static final Path TUN = Path.of("/dev/net/tun");
    /** What slirp4netns gives to a child unless told otherwise. */
    private static final Cidr SLIRP_ADDRESS = Cidr.parse("10.0.2.100/24");

    private final UserModeNetwork network;
    private final UserModeProgram program;
    private final Helper helper;
    private final List<PublishedPort> ports;
    private final Optional<SlirpApi> api;

    private UserModeAttach(
            UserModeNetwork network,
            UserModeProgram program,
            Helper helper,
            List<PublishedPort> ports,
            Optional<SlirpApi> api,
            Undo undo) {
        super(undo);
        this.network = network;
        this.program = program;
        this.helper = helper;
        this.ports = ports;
        this.api = api;
    }

    static Prepared prepare(UserModeNetwork network, Undo undo) {
        Found found = find(network, System.getenv());
        if (found.program() == UserModeProgram.PASTA) {
            List<PublishedPort> ports =
                    network.ports().stream().map(UserModeAttach::chosen).toList();
            List<String> line = pasta(found.file(), network, ports);
            return new UserModeAttach(
                    network, found.program(), undo.add(Helper.start(line, "")), ports, Optional.empty(), undo);
        }
        Optional<SlirpApi> api = network.ports().isEmpty() ? Optional.empty() : Optional.of(undo.add(SlirpApi.open()));
        Helper helper = undo.add(Helper.start(slirp(found.file(), network, api), INTERFACE));
        return new UserModeAttach(network, found.program(), helper, network.ports(), api, undo);
    }

    /** A program and its file. */
    record Found(UserModeProgram program, Path file) {}

    static Found find(UserModeNetwork network, Map<String, String> environment) {
        String path = environment.getOrDefault("PATH", "");
        List<UserModeProgram> candidates =
                network.program().map(List::of).orElseGet(() -> List.of(UserModeProgram.values()));
        for (UserModeProgram candidate : candidates) {
            Optional<Path> file = network.executable().filter(Files::isExecutable);
            if (network.executable().isEmpty()) {
                file = candidate.find(path);
            }
            if (file.isPresent()) {
                return new Found(candidate, file.get());
            }
        }
        String where = network.executable().map(Path::toString).orElse("PATH " + path);
        throw new UserModeUnavailable(
                "a network without privilege needs "
                        + String.join(
                                " or ",
                                candidates.stream()
                                        .map(UserModeProgram::executable)
                                        .toList())
                        + ", which is not installed: not executable or not found in " + where
                        + "; install the package slirp4netns, or passt for pasta",
                "",
                null);
    }

    /** The command line up to the pid. */
    private static List<String> slirp(Path file, UserModeNetwork network, Optional<SlirpApi> api) {
        List<String> line = new ArrayList<>(List.of(FileNames.text(file), "--configure", "--mtu=65520"));
        if (!network.reachesHostLoopback()) {
            line.add("--disable-host-loopback");
        }
        api.ifPresent(socket -> line.add("--api-socket=" + socket.path()));
        // Standard input stays open for as long as the JVM lives: even a kill -9 of it ends the program.
        line.addAll(List.of("--exit-fd=0", "--ready-fd=" + Helper.READY));
        return line;
    }

    private static List<String> pasta(Path file, UserModeNetwork network, List<PublishedPort> ports) {
        List<String> line = new ArrayList<>(List.of(FileNames.text(file), "--foreground", "--quiet", "--config-net"));
        line.addAll(List.of("--ns-ifname", INTERFACE));
        if (!network.reachesHostLoopback()) {
            line.add("--no-map-gw");
        }
        if (LibC.effectiveUser() == 0) {
            // As nobody, which it becomes by default, it may not enter the child's namespaces.
            line.addAll(List.of("--runas", "0:0"));
        }
        if (ports.isEmpty()) {
            line.addAll(List.of("-t", "none"));
        }
        for (PublishedPort port : ports) {
            InetSocketAddress host = port.address();
            line.add("-t");
            line.add(host.getAddress().getHostAddress() + "/" + host.getPort() + ":" + port.port());
        }
        line.addAll(List.of("-u", "none", "-T", "none", "-U", "none"));
        // It writes this file once the network is there.
        line.addAll(List.of("--pid", "/dev/fd/" + Helper.READY));
        return line;
    }

    @Override
    Attachment connect(long pid, Undo undo) {
        checkNamespace(pid);
        try {
            helper.connect(pid, network.timeout());
        } catch (UserModeFailed failed) {
            throw Stream.of(TUN)
                    .filter(tun -> !Files.isReadable(tun) || !Files.isWritable(tun))
                    .findFirst()
                    .<NetworkException>map(tun -> new UserModeUnavailable(
                            program.executable() + " needs " + tun + ", which "
                                    + (Files.exists(tun) ? "this user may not open" : "is not there") + ": "
                                    + failed.getMessage(),
                            "",
                            failed))
                    .orElse(failed);
        }
        List<PublishedPort> published = api.map(this::published).orElse(ports);
        // Nothing is ordered any more, and a JVM that is killed shall not leave the socket behind.
        api.ifPresent(SlirpApi::close);
        List<Cidr> addresses = program == UserModeProgram.SLIRP4NETNS ? List.of(SLIRP_ADDRESS) : List.of();
        return new Attachment(INTERFACE, addresses, published, undo);
    }

    /** Without one of its own, the program would give the interface to the host. */
    private static void checkNamespace(long pid) {
        try {
            Path theirs = Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns/net"));
            if (theirs.equals(Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")))) {
                throw ChildNamespace.shared(pid);
            }
        } catch (NoSuchFileException gone) {
            throw new ProcessGone("there is no process with pid " + pid, "ENOENT", gone);
        } catch (IOException refused) {
            throw new NetworkDenied(
                    "the network of pid " + pid + " may not be entered by this user: " + refused
                            + "; an init of Corral's lets nobody look: give the payload's pid",
                    "EACCES",
                    refused);
        }
    }

    private List<PublishedPort> published(SlirpApi slirp) {
        List<PublishedPort> published = new ArrayList<>();
        for (PublishedPort port : ports) {
            published.add(published(slirp, port));
        }
        return published;
    }

    /** A port that was free may be taken before the program asks for it, so one of our choice is tried again. */
    private PublishedPort published(SlirpApi slirp, PublishedPort wanted) {
        int tries = wanted.address().getPort() == 0 ? 10 : 1;
        for (int i = 1; ; i++) {
            PublishedPort port = chosen(wanted);
            Optional<String> refusal = slirp.publish(port, network.timeout());
            if (refusal.isEmpty()) {
                return port;
            }
            if (i >= tries) {
                throw new PortUnavailable(
                        "can't publish " + port + ": slirp4netns says " + refusal.get()
                                + "; somebody else listens there, or this user may not; port 0 takes one that is free",
                        "",
                        null);
            }
        }
    }

    private static PublishedPort chosen(PublishedPort wanted) {
        InetSocketAddress address = wanted.address();
        if (address.getPort() != 0) {
            return wanted;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(address);
            return new PublishedPort(new InetSocketAddress(address.getAddress(), probe.getLocalPort()), wanted.port());
        } catch (IOException refused) {
            throw new PortUnavailable("can't publish " + wanted + ": " + refused.getMessage(), "", refused);
        }
    }
}
