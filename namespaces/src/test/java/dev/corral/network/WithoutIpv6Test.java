package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Published ports of a JVM that was told to do without IPv6. */
@Timeout(120)
class WithoutIpv6Test {
    @TempDir
    private Path directory;

    private List<String> printed(Class<?> main) throws Exception {
        List<String> java = ReadableJvm.line(directory, main);
        java.add(1, "-Djava.net.preferIPv4Stack=true");
        Process jvm = new ProcessBuilder(java)
                .redirectError(directory.resolve("error").toFile())
                .start();
        List<String> lines =
                new String(jvm.getInputStream().readAllBytes(), UTF_8).lines().toList();
        assertThat(jvm.waitFor()).as(directory.resolve("error").toString()).isZero();
        return lines;
    }

    @Test
    void aClientIsResetWhoseServerCanNotBeAsked() throws Exception {
        assertThat(printed(Client.class)).containsExactly("Connection reset");
    }

    /** Asks at a port behind which there is a child with an address of the other family alone. */
    static final class Client {
        private Client() {}

        public static void main(String[] arguments) throws Exception {
            InetAddress here = Cidr.address("127.0.0.1");
            ServerSocketChannel listener = ServerSocketChannel.open().bind(new InetSocketAddress(here, 0));
            Forwarder.Route route =
                    new Forwarder.Route(listener, List.of(new InetSocketAddress(Cidr.address("fd00::2"), 80)));
            int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
            Forwarder forwarder = Forwarder.start("forwarder", () -> {}, List.of(route));
            try (Socket client = new Socket(here, port)) {
                client.setSoTimeout(50_000);
                System.out.println(client.getInputStream().read());
            } catch (IOException end) {
                System.out.println(end.getMessage());
            } finally {
                forwarder.close();
            }
        }
    }

    @Test
    void aPortThatCanNotBeHadGivesTheOthersBack() throws Exception {
        assertThat(printed(Publisher.class))
                .containsExactly(
                        "can't publish [0:0:0:0:0:0:0:1]:0 -> 81: IPv6 not available: this JVM was started without it"
                                + " (java.net.preferIPv4Stack)",
                        "the other is free");
    }

    /** Publishes one port that can be had and one that can't. */
    static final class Publisher {
        private Publisher() {}

        public static void main(String[] arguments) throws Exception {
            int free = freePort();
            try {
                Listeners.open(List.of(
                        new PublishedPort(new InetSocketAddress(Cidr.address("127.0.0.1"), free), 80),
                        new PublishedPort(new InetSocketAddress(Cidr.address("::1"), 0), 81)));
            } catch (RuntimeException refused) {
                System.out.println(refused.getMessage());
            }
            try (ServerSocket again = new ServerSocket(free, 1, Cidr.address("127.0.0.1"))) {
                System.out.println("the other is " + (again.isBound() ? "free" : "taken"));
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, Cidr.address("127.0.0.1"))) {
            return probe.getLocalPort();
        }
    }
}
