package dev.corral.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.corral.network.RouteMessages.End;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is sent against what {@code ip} sends for the same, byte by byte; only the sequence number is nobody's business. */
class RouteMessagesTest {
    private static final byte[] MAC = HexFormat.of().parseHex("020000000005");

    private static Map<String, byte[]> golden() throws IOException {
        try (InputStream file = RouteMessagesTest.class.getResourceAsStream("iproute2.txt")) {
            List<String> lines = new String(Objects.requireNonNull(file).readAllBytes(), UTF_8)
                    .lines()
                    .toList();
            Map<String, byte[]> found = new HashMap<>();
            Iterator<String> each = lines.iterator();
            while (each.hasNext()) {
                String line = each.next();
                if (line.startsWith("# ip ")) {
                    found.put(line.substring(2), HexFormat.of().parseHex(each.next()));
                }
            }
            return found;
        }
    }

    private static void same(NetlinkMessage message, String command) throws IOException {
        assumeThat(ByteOrder.nativeOrder())
                .as("the captured messages are little-endian")
                .isEqualTo(ByteOrder.LITTLE_ENDIAN);
        byte[] expected = Objects.requireNonNull(golden().get(command), command);
        int sequence = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN).getInt(8);
        assertThat(HexFormat.of().formatHex(message.bytes(sequence)))
                .as(command)
                .isEqualTo(HexFormat.of().formatHex(expected));
    }

    @Test
    void aBridgeIsMade() throws Exception {
        same(RouteMessages.newBridge("corral0", Optional.empty()), "ip link add name corral0 type bridge");
    }

    @Test
    void aPairIsMadeWithOneEndInAnotherNamespace() throws Exception {
        String command = golden().keySet().stream()
                .filter(line -> line.contains("type veth"))
                .findFirst()
                .orElseThrow();
        byte[] theirs = Objects.requireNonNull(golden().get(command));
        byte[] ours =
                RouteMessages.newVeth(new End("veth5-2"), new End("eth0"), 7).bytes(0);
        // ip names the namespace by a pid (attribute 19), this by an open file (28), which is nobody else's later on.
        ByteBuffer adapted = ByteBuffer.wrap(theirs.clone()).order(ByteOrder.nativeOrder());
        int attribute = theirs.length - 20;
        assertThat(adapted.getShort(attribute + 2)).isEqualTo((short) 19);
        adapted.putShort(attribute + 2, (short) 28).putInt(attribute + 4, 7).putInt(8, 0);
        assertThat(HexFormat.of().formatHex(ours)).isEqualTo(HexFormat.of().formatHex(adapted.array()));
    }

    @Test
    void aLinkIsChanged() throws Exception {
        same(RouteMessages.setMaster(3, 2), "ip link set dev veth5-2 master corral0");
        same(RouteMessages.setUp(2, true), "ip link set dev corral0 up");
        same(RouteMessages.setUp(2, false), "ip link set dev corral0 down");
        same(RouteMessages.setMtu(3, 1400), "ip link set dev veth5-2 mtu 1400");
        same(RouteMessages.setMac(2, MAC), "ip link set dev corral0 address 02:00:00:00:00:05");
        same(RouteMessages.deleteLink(3), "ip link del dev veth5-2");
    }

    @Test
    void addressesAreAdded() throws Exception {
        same(RouteMessages.addAddress(2, Cidr.parse("10.88.0.1/24")), "ip addr add 10.88.0.1/24 dev corral0");
        same(RouteMessages.addAddress(2, Cidr.parse("fd00::1/64")), "ip addr add fd00::1/64 dev corral0 nodad");
    }

    @Test
    void aDefaultRouteIsAdded() throws Exception {
        same(
                RouteMessages.addRoute(Cidr.parse("0.0.0.0/0"), Cidr.address("10.88.0.7"), 2),
                "ip route add default via 10.88.0.7 dev corral0");
        same(
                RouteMessages.addRoute(Cidr.parse("::/0"), Cidr.address("fd00::7"), 2),
                "ip -6 route add default via fd00::7 dev corral0");
    }
}
