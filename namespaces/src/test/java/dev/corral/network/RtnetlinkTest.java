package dev.corral.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.internal.linux.Errno;
import dev.corral.namespaces.SkippedWhereRefused;
import dev.corral.network.RouteMessages.End;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The kernel's answers, in a network namespace of the test's own. */
@Timeout(60)
@ExtendWith(SkippedWhereRefused.class)
class RtnetlinkTest {
    private static void add(Rtnetlink host, String name) {
        host.change("adding", RouteMessages.newBridge(name, Optional.empty()));
    }

    @Test
    void aNewNetworkHasALoopbackDevice() throws Exception {
        OwnNetwork.run(() -> assertThat(Links.list()).singleElement().satisfies(lo -> {
            assertThat(lo.name()).isEqualTo("lo");
            assertThat(lo.up()).isTrue();
            assertThat(lo.mtu()).isEqualTo(65_536);
            assertThat(lo.kind()).isEmpty();
            assertThat(lo.addresses()).contains(Cidr.parse("127.0.0.1/8"));
        }));
    }

    @Test
    void everyoneMayListTheInterfacesOfTheHost() {
        assertThat(Links.list()).extracting(Link::name).contains("lo");
    }

    @Test
    void aLinkIsWhatItWasMade() throws Exception {
        OwnNetwork.run(() -> {
            try (Rtnetlink host = Rtnetlink.open()) {
                byte[] mac = HexFormat.of().parseHex("024300000001");
                host.change("adding", RouteMessages.newBridge("br", Optional.of(mac)));
                Link made = host.link("br").orElseThrow();
                assertThat(made.kind()).contains("bridge");
                assertThat(made.mac()).contains("02:43:00:00:00:01");
                assertThat(made.up()).isFalse();
                assertThat(made.master()).isEmpty();

                host.setUp(made);
                host.addAddress(made, Cidr.parse("10.1.0.1/24"));
                host.addAddress(made, Cidr.parse("fd00::1/64"));
                host.change("mtu", RouteMessages.setMtu(made.index(), 1400));
                host.change(
                        "mac", RouteMessages.setMac(made.index(), HexFormat.of().parseHex("024300000002")));
                host.change("alias", RouteMessages.setAlias(made.index(), "a name"));
                Link changed = host.link("br").orElseThrow();
                assertThat(changed.up()).isTrue();
                assertThat(changed.mtu()).isEqualTo(1400);
                assertThat(changed.mac()).contains("02:43:00:00:00:02");
                assertThat(changed.alias()).contains("a name");
                assertThat(changed.addresses()).contains(Cidr.parse("10.1.0.1/24"), Cidr.parse("fd00::1/64"));

                host.change("down", RouteMessages.setUp(made.index(), false));
                assertThat(host.link("br").orElseThrow().up()).isFalse();
                host.delete(made);
                assertThat(host.link("br")).isEmpty();
                host.delete(made); // gone is gone
                assertThat(host.bareLink("br")).isEmpty();
            }
        });
    }

    @Test
    void aPairReachesIntoAnotherNamespaceAndOntoABridge() throws Exception {
        OwnNetwork.run(() -> {
            try (TestChild child = TestChild.start();
                    ChildNamespace namespace = ChildNamespace.of(child.pid());
                    Rtnetlink host = Rtnetlink.open()) {
                add(host, "br");
                Link bridge = host.link("br").orElseThrow();
                Link end = Veth.create(host, namespace, new End("out"), new End("in"));
                host.change("attaching", RouteMessages.setMaster(end.index(), bridge.index()));
                assertThat(host.link("out").orElseThrow().master()).contains(bridge.index());
                assertThat(host.link("out").orElseThrow().kind()).contains("veth");
                assertThat(Links.of(child.pid())).extracting(Link::name).containsExactly("lo", "in");
                host.delete(end);
                assertThat(Links.of(child.pid())).extracting(Link::name).containsExactly("lo");
            }
        });
    }

    @Test
    void aRefusalNamesTheCodeAndWhatWasTried() throws Exception {
        OwnNetwork.run(() -> {
            try (Rtnetlink host = Rtnetlink.open()) {
                add(host, "br");
                assertThatThrownBy(() -> add(host, "br"))
                        .isInstanceOfSatisfying(
                                NetlinkRefused.class,
                                refused -> assertThat(refused.errno()).isEqualTo(Errno.EEXIST))
                        .hasMessageContaining("adding: EEXIST");
                Link none = host.link("br").orElseThrow();
                host.delete(none);
                assertThatThrownBy(() -> host.setUp(none)).hasMessageContaining("setting br up: ENODEV");
            }
        });
    }

    @Test
    void theKernelsOwnWordsAreKept() throws Exception {
        OwnNetwork.run(() -> {
            try (Rtnetlink host = Rtnetlink.open()) {
                Link lo = host.link("lo").orElseThrow();
                assertThatThrownBy(() -> host.change("mtu", RouteMessages.setMtu(lo.index(), -1)))
                        .isInstanceOf(NetlinkRefused.class)
                        .hasMessageMatching("mtu: EINVAL \\(.+\\)");
            }
        });
    }

    @Test
    void anOrdinaryUserIsRefused() {
        assumeThat(OwnNetwork.root())
                .as("needs an ordinary user: root may change networks")
                .isFalse();
        try (Rtnetlink host = Rtnetlink.open()) {
            assertThatThrownBy(() -> add(host, "corraltest")).hasMessageContaining("EPERM");
        }
    }

    @Test
    void aListOfManyLinksIsWhole() throws Exception {
        OwnNetwork.run(() -> {
            try (Rtnetlink host = Rtnetlink.open()) {
                for (int i = 0; i < 100; i++) {
                    add(host, "br" + i);
                    host.addAddress(host.bareLink("br" + i).orElseThrow(), Cidr.parse("10.1." + i + ".1/24"));
                }
                List<Link> links = host.links();
                assertThat(links).hasSize(101);
                assertThat(links.stream().filter(link -> link.name().startsWith("br")))
                        .allSatisfy(link -> assertThat(link.addresses()).hasSize(1));
            }
        });
    }
}
