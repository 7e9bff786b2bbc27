package dev.corral.network;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.PID;
import static dev.corral.namespaces.NamespaceType.USER;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.ExecFailed;
import dev.corral.Exit;
import dev.corral.namespaces.Isolation;
import dev.corral.namespaces.Namespaces;
import dev.corral.namespaces.SkippedWhereRefused;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Networks as part of a launch. */
@Timeout(120)
@ExtendWith(SkippedWhereRefused.class)
class ConnectedCommandTest {
    private static final BridgeNetwork BRIDGE = Network.bridge("corral0", Cidr.parse("10.88.0.1/24"));

    private static String get(InetSocketAddress address) throws IOException {
        try (Socket each = new Socket(address.getAddress(), address.getPort())) {
            each.setSoTimeout(20_000);
            each.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
            return new String(each.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private static String output(Child child) throws IOException {
        return new String(child.getInputStream().readAllBytes(), UTF_8);
    }

    @Test
    void aProgramFindsItsInterfaceAndRouteWhenItBegins() throws Exception {
        OwnNetwork.run(() -> {
            Command looks = Command.of("sh", "-c", "cat /proc/net/route; grep eth0 /proc/net/dev")
                    .with(Isolation.full())
                    .with(BRIDGE);
            try (Child child = looks.start()) {
                assertThat(output(child)).contains("eth0\t00000000\t0100580A").contains("eth0:");
                assertThat(child.await()).matches(Exit::ok);
                assertThat(Links.list()).extracting(Link::name).containsExactlyInAnyOrder("lo", "corral0");
                assertThat(child.find(Attachment.class).orElseThrow().addresses())
                        .containsExactly(Cidr.parse("10.88.0.2/24"));
            }
        });
    }

    @Test
    void aPortIsPublishedForAsLongAsTheProgramRuns() throws Exception {
        OwnNetwork.assumeRoot();
        Command server = Command.of("python3", "-m", "http.server", "8000")
                .directory(Path.of("/usr"))
                .with(Isolation.full())
                .with(Network.loopback().publish(0, 8000));
        try (Child child = server.start()) {
            InetSocketAddress published = child.find(Attachment.class)
                    .flatMap(attachment -> attachment.published(8000))
                    .orElseThrow();
            await().atMost(Duration.ofSeconds(50))
                    .ignoreExceptions()
                    .until(() -> get(published).startsWith("HTTP/1.0 200 OK"));
            child.destroyForcibly().waitFor();
            // Who is taken up at the last moment may be sent away with nothing.
            await().untilAsserted(() -> assertThatThrownBy(() -> get(published)).isInstanceOf(IOException.class));
        }
    }

    @Test
    void aLaunchThatFailsLaterLeavesNoInterfaceAndNoListener() throws Exception {
        OwnNetwork.run(() -> {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, Cidr.address("127.0.0.1"))) {
                port = free.getLocalPort();
            }
            Command fails =
                    Command.of("/nowhere").with(Isolation.full().without(PID)).with(BRIDGE.publish(port, 80));
            assertThatThrownBy(fails::start).isInstanceOf(ExecFailed.class);
            assertThat(Links.list()).extracting(Link::name).containsExactlyInAnyOrder("lo", "corral0");
            try (ServerSocket again = new ServerSocket(port, 1, Cidr.address("127.0.0.1"))) {
                assertThat(again.isBound()).isTrue();
            }
        });
    }

    @Test
    void whatCanNotBeConnectedDoesNotStart() throws Exception {
        OwnNetwork.run(() -> {
            Command command = Command.of("sleep", "1000").with(Isolation.full());
            assertThatThrownBy(() -> command.with(Network.bridge("lo", Cidr.parse("10.88.0.1/24")))
                            .start())
                    .isInstanceOf(NetworkFailed.class)
                    .hasMessageContaining("lo is no bridge");
        });
    }

    @Test
    void aUserModeNetworkIsThereWhenTheProgramBegins() throws Exception {
        OwnNetwork.assumeRoot();
        RootlessNetworkTest.assumeInstalled(UserModeProgram.SLIRP4NETNS);
        Command looks = Command.of("cat", "/proc/net/dev")
                .with(Namespaces.unshare(USER, NET))
                .with(Network.userMode().program(UserModeProgram.SLIRP4NETNS).timeout(Duration.ofSeconds(30)));
        try (Child child = looks.start()) {
            assertThat(output(child)).contains("tap0:");
        }
    }
}
