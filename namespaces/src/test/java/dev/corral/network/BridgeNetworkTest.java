package dev.corral.network;

import static dev.corral.namespaces.NamespaceType.NET;
import static dev.corral.namespaces.NamespaceType.USER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.corral.Child;
import dev.corral.Command;
import dev.corral.Exit;
import dev.corral.namespaces.Namespaces;
import dev.corral.namespaces.SkippedWhereRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Children on a bridge, with a network namespace of the test's own as their host. */
@Timeout(120)
@ExtendWith(SkippedWhereRefused.class)
class BridgeNetworkTest {
    private static final Cidr BRIDGE = Cidr.parse("10.88.0.1/24");
    private static final BridgeNetwork NETWORK = Network.bridge("corral0", BRIDGE);

    private static InetAddress ip(String text) {
        return Cidr.address(text);
    }

    private static void answers(Socket connection) throws IOException {
        try (Socket each = connection) {
            each.getOutputStream().write(42);
            assertThat(each.getInputStream().read()).isEqualTo(42);
        }
    }

    private static Set<String> links() {
        Set<String> names = new HashSet<>();
        Links.list().forEach(link -> names.add(link.name()));
        return names;
    }

    @Test
    void aChildReachesTheHostAndTheHostTheChild() throws Exception {
        OwnNetwork.run(() -> {
            try (TestChild child = TestChild.start();
                    Attachment attachment = NETWORK.attach(child.pid());
                    ServerSocket server = child.echo(ip("0.0.0.0"), 80);
                    ServerSocket outside = new ServerSocket(8000, 50, BRIDGE.address())) {
                assertThat(attachment.addresses()).containsExactly(Cidr.parse("10.88.0.2/24"));
                answers(new Socket(ip("10.88.0.2"), server.getLocalPort()));
                try (Socket up = child.connect(BRIDGE.address(), outside.getLocalPort());
                        Socket accepted = outside.accept()) {
                    assertThat(accepted.getInetAddress()).isEqualTo(ip("10.88.0.2"));
                    assertThat(up.getInetAddress()).isEqualTo(BRIDGE.address());
                }
            }
        });
    }

    @Test
    void twoChildrenReachEachOther() throws Exception {
        OwnNetwork.run(() -> {
            try (TestChild one = TestChild.start();
                    TestChild two = TestChild.start();
                    Attachment first = NETWORK.attach(one.pid());
                    Attachment second = NETWORK.attach(two.pid());
                    ServerSocket server = two.echo(ip("0.0.0.0"), 80)) {
                assertThat(first.addresses()).containsExactly(Cidr.parse("10.88.0.2/24"));
                assertThat(second.addresses()).containsExactly(Cidr.parse("10.88.0.3/24"));
                answers(one.connect(ip("10.88.0.3"), server.getLocalPort()));
            }
        });
    }

    @Test
    void aChildThatTakesOverAnAddressIsFoundAtOnce() throws Exception {
        OwnNetwork.run(() -> {
            for (int i = 0; i < 3; i++) {
                try (TestChild child = TestChild.start();
                        Attachment attachment = NETWORK.attach(child.pid());
                        ServerSocket server = child.echo(ip("0.0.0.0"), 80)) {
                    assertThat(attachment.addresses()).containsExactly(Cidr.parse("10.88.0.2/24"));
                    answers(new Socket(ip("10.88.0.2"), server.getLocalPort()));
                }
            }
        });
    }

    private static Command ping(long pid) {
        String target = BRIDGE.address().getHostAddress();
        return Command.of("nsenter", "-n", "-t", Long.toString(pid), "ping", "-c", "1", "-W", "30", target)
                .errorIntoOutput();
    }

    private static String text(Child child) {
        try {
            return new String(child.getInputStream().readAllBytes(), UTF_8);
        } catch (IOException failed) {
            return failed.toString();
        }
    }

    @Test
    void thePingProgramGetsThrough() throws Exception {
        assumeThat(Path.of("/usr/bin/ping")).as("needs ping").isExecutable();
        OwnNetwork.run(() -> {
            try (TestChild child = TestChild.start();
                    Attachment attachment = NETWORK.attach(child.pid());
                    Child ping = OwnNetwork.outside(() -> ping(child.pid()).start())) {
                assertThat(attachment.interfaceName()).isEqualTo("eth0");
                assertThat(ping.await()).as(() -> text(ping)).matches(Exit::ok);
            }
        });
    }

    @Test
    void theChildHasItsInterfaceUpWithAddressesOfBothKindsAndALoopbackDevice() throws Exception {
        BridgeNetwork both =
                NETWORK.and(Cidr.parse("fd00:88::1/64")).interfaceName("net0").mtu(1400);
        OwnNetwork.run(() -> {
            try (TestChild child = TestChild.start();
                    Attachment attachment = both.attach(child.pid());
                    ServerSocket server = child.echo(ip("::"), 80)) {
                assertThat(attachment.addresses())
                        .containsExactly(Cidr.parse("10.88.0.2/24"), Cidr.parse("fd00:88::2/64"));
                List<Link> inside = Links.of(child.pid());
                assertThat(inside).extracting(Link::name).containsExactly("lo", "net0");
                assertThat(inside).allMatch(Link::up);
                assertThat(inside.get(1).mtu()).isEqualTo(1400);
                assertThat(inside.get(1).mac()).contains("02:43:0a:58:00:02");
                assertThat(inside.get(1).addresses()).containsAll(attachment.addresses());
                answers(new Socket(ip("fd00:88::2"), server.getLocalPort()));
                answers(new Socket(ip("10.88.0.2"), server.getLocalPort()));
            }
        });
    }

    @Test
    void theDefaultRouteLeadsToTheBridge() throws Exception {
        OwnNetwork.run(() -> {
            try (Rtnetlink host = Rtnetlink.open();
                    TestChild child = TestChild.start();
                    Attachment attachment = NETWORK.attach(child.pid())) {
                // An address that only the host has: without a route to it the child could not even begin.
                host.addAddress(host.link("lo").orElseThrow(), Cidr.parse("192.0.2.9/32"));
                try (ServerSocket outside = new ServerSocket(8000, 50, ip("192.0.2.9"));
                        Socket up = child.connect(ip("192.0.2.9"), 8000)) {
                    assertThat(up.isConnected()).isTrue();
                    assertThat(outside.isBound()).isTrue();
                    assertThat(attachment.addresses()).hasSize(1);
                }
            }
        });
    }

    @Test
    void closingLeavesTheBridgeAlone() throws Exception {
        OwnNetwork.run(() -> {
            try (TestChild child = TestChild.start()) {
                Attachment attachment = NETWORK.attach(child.pid());
                assertThat(links()).hasSize(3);
                assertThat(NETWORK.remove()).as("while it is in use").isFalse();
                attachment.close();
                attachment.close();
                assertThat(links()).containsExactlyInAnyOrder("lo", "corral0");
                assertThat(Links.of(child.pid())).extracting(Link::name).containsExactly("lo");
                assertThat(NETWORK.remove()).isTrue();
                assertThat(NETWORK.remove()).as("again").isTrue();
                assertThat(links()).containsExactly("lo");
            }
        });
    }

    @Test
    void aChildThatEndsTakesItsNetworkWithIt() throws Exception {
        OwnNetwork.run(() -> {
            try (TestChild child = TestChild.start();
                    Attachment attachment = NETWORK.publish(0, 80).attach(child.pid())) {
                InetSocketAddress published = attachment.published(80).orElseThrow();
                child.child().destroyForcibly().waitFor();
                // Asked from this thread, whose network it is about.
                await().pollInSameThread()
                        .atMost(Duration.ofSeconds(50))
                        .until(() -> links().equals(Set.of("lo", "corral0")));
                String thread = "corral-publish-" + child.pid();
                await().until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(each -> each.getName().equals(thread)));
                assertThatThrownBy(() -> new Socket(published.getAddress(), published.getPort()))
                        .isInstanceOf(IOException.class);
            }
        });
    }

    @Test
    void aBridgeOfSomebodyElseIsUsedAndLeftThere() throws Exception {
        OwnNetwork.run(() -> {
            try (Rtnetlink host = Rtnetlink.open();
                    TestChild child = TestChild.start()) {
                host.change("adding", RouteMessages.newBridge("corral0", Optional.empty()));
                try (Attachment attachment = NETWORK.attach(child.pid());
                        ServerSocket server = child.echo(ip("0.0.0.0"), 80)) {
                    answers(new Socket(attachment.addresses().get(0).address(), server.getLocalPort()));
                }
                assertThat(NETWORK.remove()).isFalse();
                assertThat(links()).contains("corral0");
            }
        });
    }

    @Test
    void somethingElseOfThatNameIsNoBridge() throws Exception {
        OwnNetwork.run(() -> {
            try (TestChild child = TestChild.start()) {
                assertThatThrownBy(() -> Network.bridge("lo", BRIDGE).attach(child.pid()))
                        .isInstanceOf(NetworkFailed.class)
                        .hasMessageContaining("lo is no bridge");
            }
        });
    }

    @Test
    void addressesCanBeChosenAndGivenOnce() throws Exception {
        OwnNetwork.run(() -> {
            try (TestChild one = TestChild.start();
                    TestChild two = TestChild.start();
                    Attachment first = NETWORK.address("10.88.0.7").attach(one.pid())) {
                assertThat(first.addresses()).containsExactly(Cidr.parse("10.88.0.7/24"));
                assertThatThrownBy(() -> NETWORK.address("10.88.0.7").attach(two.pid()))
                        .isInstanceOf(AddressTaken.class)
                        .hasMessageContaining("is taken");
                assertThatThrownBy(() -> NETWORK.address("10.88.0.1").attach(two.pid()))
                        .isInstanceOf(AddressTaken.class);
                assertThat(Links.of(two.pid())).extracting(Link::name).containsExactly("lo");
            }
        });
    }

    @Test
    void aFullNetworkIsTold() throws Exception {
        OwnNetwork.run(() -> {
            BridgeNetwork small = Network.bridge("small", Cidr.parse("10.9.0.2/30"));
            try (TestChild one = TestChild.start();
                    TestChild two = TestChild.start();
                    Attachment first = small.attach(one.pid())) {
                assertThat(first.addresses()).containsExactly(Cidr.parse("10.9.0.1/30"));
                assertThatThrownBy(() -> small.attach(two.pid()))
                        .isInstanceOf(AddressTaken.class)
                        .hasMessageContaining("take a larger network");
            }
        });
    }

    @Test
    void aFailureLeavesNothing() throws Exception {
        OwnNetwork.run(() -> {
            try (TestChild child = TestChild.start();
                    Attachment first = NETWORK.attach(child.pid())) {
                Set<String> before = links();
                assertThatThrownBy(() -> NETWORK.publish(0, 80).attach(child.pid()))
                        .as("it has an eth0")
                        .isInstanceOf(NetworkFailed.class)
                        .hasMessageContaining("EEXIST");
                assertThat(links()).isEqualTo(before);
                assertThat(first.addresses()).hasSize(1);
            }
        });
    }

    @Test
    void manyChildrenAtOnceGetDifferentAddresses() throws Exception {
        OwnNetwork.run(() -> {
            List<TestChild> children = new ArrayList<>();
            List<Attachment> attachments = new ArrayList<>();
            try (ChildNamespace host = ChildNamespace.any(own())) {
                for (int i = 0; i < 8; i++) {
                    children.add(TestChild.start());
                }
                List<Callable<Attachment>> tasks = new ArrayList<>();
                children.forEach(child -> tasks.add(() -> host.call(() -> NETWORK.attach(child.pid()))));
                ExecutorService pool = Executors.newFixedThreadPool(8);
                for (Future<Attachment> each : pool.invokeAll(tasks)) {
                    attachments.add(each.get());
                }
                pool.shutdown();
                assertThat(attachments.stream()
                                .flatMap(each -> each.addresses().stream())
                                .distinct())
                        .hasSize(8);
            } finally {
                attachments.forEach(Attachment::close);
                children.forEach(TestChild::close);
            }
        });
    }

    /** The thread's id is a pid for /proc. */
    private static long own() throws IOException {
        String link = Files.readSymbolicLink(Path.of("/proc/thread-self")).toString();
        return Long.parseLong(link.substring(link.lastIndexOf('/') + 1));
    }

    @Test
    void aChildThatSharesTheHostsNetworkIsRefused() throws Exception {
        OwnNetwork.run(() -> {
            assertThatThrownBy(() -> NETWORK.attach(own()))
                    .isInstanceOf(NetworkShared.class)
                    .hasMessageContaining("network namespace of its own");
            assertThat(links()).containsExactly("lo");
        });
    }

    @Test
    void aChildThatHasEndedIsTold() throws Exception {
        OwnNetwork.run(() -> {
            long pid;
            try (TestChild child = TestChild.start()) {
                pid = child.pid();
            }
            assertThatThrownBy(() -> NETWORK.attach(pid)).isInstanceOf(ProcessGone.class);
        });
    }

    @Test
    void anOrdinaryUserIsToldToUseUserMode() {
        assumeThat(OwnNetwork.root())
                .as("needs an ordinary user: root may change networks")
                .isFalse();
        try (Child child =
                Command.of("sleep", "1000").with(Namespaces.unshare(USER, NET)).start()) {
            assertThatThrownBy(() -> NETWORK.attach(child.payloadPid()))
                    .isInstanceOf(NetworkDenied.class)
                    .hasMessageContaining("EPERM")
                    .hasMessageContaining("Network.userMode()");
        }
    }
}
