package dev.corral.internal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcIdMapTest {
    @Test
    void theHostHasAllIds() {
        ProcIdMap host = ProcIdMap.parse("         0          0 4294967295\n");
        assertThat(host.isHosts()).isTrue();
        assertThat(host.covers(0, 0xffff_ffffL)).isTrue();
        assertThat(host.outside(4711)).hasValue(4711);
        assertThat(ProcIdMap.read(Path.of("/no/such/uid_map"))).isEqualTo(host);
    }

    @Test
    void aContainerHasTheIdsOfItsRanges() {
        ProcIdMap inner = ProcIdMap.parse("         0       1000          1\n         1     100000      65536\n");
        assertThat(inner.isHosts()).isFalse();
        assertThat(inner.covers(0, 1)).isTrue();
        assertThat(inner.covers(1, 65_536)).isTrue();
        assertThat(inner.covers(1, 65_537)).isFalse();
        assertThat(inner.outside(0)).hasValue(1000);
        assertThat(inner.outside(2)).hasValue(100_001);
        assertThat(inner.outside(65_537)).isEmpty();
        assertThat(inner.last()).isEqualTo(65_536);
    }

    @Test
    void whatIsNoLineOfAMapIsLeftOut() {
        for (String damaged : new String[] {"", "\n", "0 0", "0 0 x", "-1 0 1", "0 0 1 2", "99999999999 0 1"}) {
            assertThat(ProcIdMap.parse(damaged).ranges()).as(damaged).isEmpty();
        }
        assertThat(ProcIdMap.parse("").last()).isZero();
    }
}
