package dev.corral.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.1",
                "10.0.0.1/",
                "10.0.0.1/33",
                "10.0.0.1/-1",
                "10.0.0/8",
                "10.0.0.256/8",
                "fd00::1/129",
                "fd00:::1/64",
                "localhost/8",
                "10.0.0.1/8/8"
            })
    void whatIsNoAddressWithAPrefixIsRefused(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"10.88.0.1/24", "0.0.0.0/0", "255.255.255.255/32", "fd00:0:0:0:0:0:0:1/64"})
    void textComesBackAsItWent(String text) {
        assertThat(Cidr.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({
        "10.88.0.1/24, 7, 10.88.0.7/24",
        "10.88.0.200/25, 1, 10.88.0.129/25",
        "200.1.0.0/16, 258, 200.1.1.2/16",
        "fd00::1/64, 255, fd00:0:0:0:0:0:0:ff/64"
    })
    void aHostIsNumberedWithinItsNetwork(String network, long number, String expected) {
        Cidr host = Cidr.parse(network).host(BigInteger.valueOf(number));
        assertThat(host).hasToString(expected);
        assertThat(host.number()).isEqualTo(number);
        assertThat(Cidr.parse(network).contains(host.address())).isTrue();
    }

    @Test
    void anIpv4NetworkKeepsItsLastAddressForBroadcasts() {
        assertThat(Cidr.parse("10.0.0.1/30").last()).isEqualTo(2);
        assertThat(Cidr.parse("fd00::1/126").last()).isEqualTo(3);
    }

    @Test
    void anAddressElsewhereIsNotContained() {
        Cidr network = Cidr.parse("10.88.0.1/24");
        assertThat(network.contains(Cidr.address("10.88.1.1"))).isFalse();
        assertThat(network.contains(Cidr.address("fd00::1"))).isFalse();
        assertThat(Cidr.parse("0.0.0.0/0").contains(Cidr.address("10.88.1.1"))).isTrue();
    }
}
