package dev.corral.cgroups;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedTest {
    @Test
    void unknownKeysAreKeptAndTornLinesLeftOut() {
        Keyed keyed = Keyed.parse("nr_periods 4\nnew_key\t7 \nthrottled_time\n\nbad x\nfull avg10=0.00 total=1\n");

        assertThat(keyed.get("nr_periods")).contains(4L);
        assertThat(keyed.get("new_key")).contains(7L);
        assertThat(keyed.get("throttled_time")).isEmpty();
        assertThat(keyed.get("bad")).isEmpty();
        assertThat(keyed.text("bad")).contains("x");
        assertThat(keyed.get("full")).isEmpty();
        assertThat(keyed.keys()).containsExactly("nr_periods", "new_key", "bad");
        assertThat(keyed.malformed()).isEqualTo(2);
        assertThat(keyed).hasToString("{nr_periods=4, new_key=7, bad=x}");
    }

    /** Seen in the field: vendor kernels print these among the lines of version 1. */
    @Test
    void vendorLinesAreLinesLikeAnyOther() {
        Keyed keyed = Keyed.parse("sched_delay 12\nnuma_locality 99\t100\nlast 1");

        assertThat(keyed.get("sched_delay")).contains(12L);
        assertThat(keyed.get("numa_locality")).isEmpty();
        assertThat(keyed.get("last")).contains(1L);
        assertThat(keyed.malformed()).isEqualTo(1);
    }

    /** Seen in the field: a counter of cpu.stat that ran below zero. */
    @Test
    void numbersHaveAll64Bits() {
        Keyed keyed = Keyed.parse("usage_usec 18446744073709551615\nmore 18446744073709551616\nzero 000\n");

        assertThat(keyed.get("usage_usec")).contains(Long.MAX_VALUE);
        assertThat(keyed.exact("usage_usec")).contains(new BigInteger("18446744073709551615"));
        assertThat(keyed.get("more")).isEmpty();
        assertThat(keyed.exact("more")).isEmpty();
        assertThat(keyed.get("zero")).contains(0L);
    }

    /** Seen in the field: cost.vrate has decimals. */
    @Test
    void pairsMayHoldWhatIsNoNumber() {
        byte[] text = "8:0 rbytes=1 cost.vrate=100.00 wbytes= =5 odd rios=3\n".getBytes(UTF_8);
        Keyed keyed = Keyed.pairs(text, 3, text.length);

        assertThat(keyed.get("rbytes")).contains(1L);
        assertThat(keyed.get("cost.vrate")).isEmpty();
        assertThat(keyed.text("cost.vrate")).contains("100.00");
        assertThat(keyed.get("wbytes")).isEmpty();
        assertThat(keyed.get("rios")).contains(3L);
        assertThat(keyed.malformed()).isEqualTo(3);
        assertThat(keyed.get("bytes")).isEmpty();
    }

    @Test
    void twoAreEqualIfTheirTextsAre() {
        assertThat(Keyed.parse("a 1\n")).isEqualTo(Keyed.parse("a 1\n")).hasSameHashCodeAs(Keyed.parse("a 1\n"));
        assertThat(Keyed.parse("a 1\n")).isNotEqualTo(Keyed.parse("a 2\n"));
        assertThat(Keyed.none().keys()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551615",
                "10000000000000000000"
            })
    void everyNumberComesOutAsItWentIn(String text) {
        assertThat(Keyed.parse("key " + text).exact("key")).contains(new BigInteger(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "+1",
                "0x10",
                "1.5",
                "max",
                "18446744073709551616",
                "99999999999999999999",
                "123456789012345678901"
            })
    void whatIsNoNumberIsNone(String text) {
        assertThat(Keyed.parse("key " + text).exact("key")).isEmpty();
    }
}
