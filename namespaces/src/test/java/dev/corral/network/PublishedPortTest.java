package dev.corral.network;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.SkippedWhereRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Ports of children, reached from a host: the real one, of whose loopback device nothing is changed. */
@Timeout(120)
@ExtendWith(SkippedWhereRefused.class)
class PublishedPortTest {
    private static final InetAddress LOCAL = Cidr.address("127.0.0.1");

    private static void answers(InetSocketAddress address) throws IOException {
        try (Socket each = new Socket(address.getAddress(), address.getPort())) {
            each.getOutputStream().write(42);
            assertThat(each.getInputStream().read()).isEqualTo(42);
        }
    }

    @Test
    void aServerWithNothingButALoopbackDeviceIsReached() throws Exception {
        OwnNetwork.assumeRoot();
        try (TestChild child = TestChild.start();
                Attachment attachment = Network.loopback().publish(0, 80).attach(child.pid());
                ServerSocket server = child.echo(LOCAL, 80)) {
            InetSocketAddress published = attachment.published(80).orElseThrow();
            assertThat(published.getAddress()).isEqualTo(LOCAL);
            assertThat(published.getPort()).isNotZero();
            assertThat(server.getLocalPort()).isEqualTo(80);
            answers(published);
            assertThat(attachment.published(81)).isEmpty();
        }
    }

    @Test
    void aServerThatListensWithIpv6AloneIsReached() throws Exception {
        OwnNetwork.assumeRoot();
        try (TestChild child = TestChild.start();
                Attachment attachment = Network.loopback().publish(0, 80).attach(child.pid());
                ServerSocket server = child.echo(Cidr.address("::1"), 80)) {
            assertThat(server.isBound()).isTrue();
            answers(attachment.published(80).orElseThrow());
        }
    }

    @Test
    void theHostsOwnServerIsNeverReachedByMistake() throws Exception {
        OwnNetwork.assumeRoot();
        try (TestChild child = TestChild.start();
                ServerSocket hosts = new ServerSocket(0, 50, LOCAL);
                Attachment attachment =
                        Network.loopback().publish(0, hosts.getLocalPort()).attach(child.pid())) {
            InetSocketAddress published = attachment.ports().get(0).address();
            try (Socket client = new Socket(published.getAddress(), published.getPort())) {
                assertThatThrownBy(() -> client.getInputStream().read())
                        .as("nobody listens inside")
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("reset");
            }
        }
    }

    @Test
    void aChildOnABridgeSeesItsOwnAddressRatherThanLoopback() throws Exception {
        OwnNetwork.run(() -> {
            BridgeNetwork network =
                    Network.bridge("corral0", Cidr.parse("10.88.0.1/24")).publish(0, 80);
            try (TestChild child = TestChild.start();
                    Attachment attachment = network.attach(child.pid());
                    ServerSocket server = child.server(80)) {
                InetSocketAddress published = attachment.published(80).orElseThrow();
                try (Socket client = new Socket(published.getAddress(), published.getPort());
                        Socket accepted = server.accept()) {
                    assertThat(client.isConnected()).isTrue();
                    // A server that trusts whoever comes from 127.0.0.1 must not trust everybody: CVE-2021-20199.
                    assertThat(accepted.getInetAddress()).isEqualTo(Cidr.address("10.88.0.2"));
                }
            }
        });
    }

    @Test
    void aWebServerIsPublishedAtAPortOfTheHost() throws Exception {
        OwnNetwork.assumeRoot();
        Command server = Command.of("python3", "-m", "http.server", "8000", "--bind", "127.0.0.1");
        try (Child child = server.with(Isolation.full()).start();
                Attachment attachment = Network.loopback().publish(0, 8000).attach(child.payloadPid())) {
            InetSocketAddress published = attachment.published(8000).orElseThrow();
            await().atMost(Duration.ofSeconds(50))
                    .ignoreExceptions()
                    .until(() -> get(published).startsWith("HTTP/1.0 200 OK"));
        }
    }

    private static String get(InetSocketAddress address) throws IOException {
        try (Socket each = new Socket(address.getAddress(), address.getPort())) {
            each.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
            return new String(each.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void aPortInUseIsToldBeforeAnythingIsMade() throws Exception {
        OwnNetwork.run(() -> {
            try (TestChild child = TestChild.start();
                    ServerSocket taken = new ServerSocket(0, 50, LOCAL)) {
                BridgeNetwork network = Network.bridge("corral0", Cidr.parse("10.88.0.1/24"))
                        .publish(0, 80)
                        .publish(taken.getLocalPort(), 81);
                assertThatThrownBy(() -> network.attach(child.pid()))
                        .isInstanceOf(PortUnavailable.class)
                        .hasMessageContaining("127.0.0.1:" + taken.getLocalPort() + " -> 81")
                        .hasMessageContaining("in use");
                assertThat(Links.list()).extracting(Link::name).containsExactly("lo");
            }
        });
    }

    @Test
    void aPublishedPortIsFreeAgainAfterClosing() throws Exception {
        OwnNetwork.assumeRoot();
        try (TestChild child = TestChild.start()) {
            Attachment attachment = Network.loopback().publish(0, 80).attach(child.pid());
            int port = attachment.published(80).orElseThrow().getPort();
            attachment.close();
            try (Attachment again = Network.loopback().publish(port, 80).attach(child.pid());
                    ServerSocket server = child.echo(LOCAL, 80)) {
                assertThat(server.isBound()).isTrue();
                answers(again.published(80).orElseThrow());
            }
        }
    }

    @Test
    void thousandConnectionsLeaveNoDescriptorsAndThreads() throws Exception {
        OwnNetwork.assumeRoot();
        try (TestChild child = TestChild.start();
                Attachment attachment = Network.loopback().publish(0, 80).attach(child.pid());
                ServerSocket server = child.echo(LOCAL, 80)) {
            assertThat(server.isBound()).isTrue();
            InetSocketAddress published = attachment.published(80).orElseThrow();
            for (int i = 0; i < 50; i++) {
                answers(published);
            }
            long before = sockets();
            for (int i = 0; i < 1000; i++) {
                answers(published);
            }
            await().atMost(Duration.ofSeconds(50))
                    .untilAsserted(() -> assertThat(sockets()).isLessThanOrEqualTo(before + 3));
        }
    }

    private static long sockets() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.filter(PublishedPortTest::isSocket).count();
        }
    }

    private static boolean isSocket(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    @Test
    void valuesSayWhatTheyAreAndRefuseWhatCanNotBe() {
        assertThat(Network.loopback().publish(8080, 80).ports()).hasToString("[127.0.0.1:8080 -> 80]");
        assertThat(Network.bridge("a", Cidr.parse("10.0.0.1/24")).publish(0, 80))
                .isEqualTo(Network.bridge("a", Cidr.parse("10.0.0.1/24")).publish(0, 80))
                .isNotEqualTo(Network.bridge("a", Cidr.parse("10.0.0.1/24")));
        assertThatThrownBy(() -> Network.loopback().publish(0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Network.loopback().publish(0, 65_536)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Network.loopback().publish(InetSocketAddress.createUnresolved("a", 1), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Network.userMode().publish(new InetSocketAddress(Cidr.address("::1"), 1), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Network.bridge("much too long name", Cidr.parse("10.0.0.1/24")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Network.bridge("a", Cidr.parse("10.0.0.1/24")).address("10.0.1.2"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Network.veth(Cidr.parse("10.0.0.1/24"), Cidr.parse("10.0.1.2/24")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPairWithoutABridgeConnectsHostAndChild() throws Exception {
        OwnNetwork.run(() -> {
            VethNetwork network = Network.veth(Cidr.parse("10.77.0.1/30"), Cidr.parse("10.77.0.2/30"));
            try (TestChild child = TestChild.start();
                    TestChild other = TestChild.start()) {
                try (Attachment attachment = network.attach(child.pid());
                        ServerSocket server = child.echo(Cidr.address("0.0.0.0"), 80)) {
                    assertThat(attachment.addresses()).containsExactly(network.child());
                    answers(new InetSocketAddress(network.child().address(), server.getLocalPort()));
                    assertThatThrownBy(() -> network.attach(other.pid())).isInstanceOf(AddressTaken.class);
                }
                assertThat(Links.list()).extracting(Link::name).containsExactly("lo");
                try (Attachment again = network.attach(other.pid())) {
                    assertThat(again.interfaceName()).isEqualTo("eth0");
                }
            }
        });
    }

    @Test
    void theKindsOfNetworkNeedANamespaceOfTheirOwn() {
        try (Child shares = Command.of("sleep", "1000").start()) {
            for (Network network : new Network[] {Network.loopback(), Network.userMode()}) {
                assertThatThrownBy(() -> network.attach(shares.pid())).isInstanceOf(NetworkShared.class);
            }
        }
    }
}
