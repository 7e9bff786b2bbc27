package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelTextTest {
    @Test
    void numbersAreUnsigned() {
        assertThat(KernelNumber.parse("4096\n")).contains(4096L);
        assertThat(KernelNumber.parse("18446744073709551615")).contains(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "max", "-1", "+5", "0x10", "1.5", "12 13", "123456789012345678901"})
    void whatIsNoNumberIsNone(String text) {
        assertThat(KernelNumber.parse(text)).isEmpty();
    }

    @Test
    void unlimitedHasTwoSpellings() {
        assertThat(KernelNumber.size("max\n", 4096)).contains(Limit.max());
        assertThat(KernelNumber.size("9223372036854771712", 4096)).contains(Limit.max());
        assertThat(KernelNumber.size("9223372036854710272", 65536)).contains(Limit.max());
        assertThat(KernelNumber.size("268435456", 4096)).contains(Limit.of(ByteSize.mebibytes(256)));
        assertThat(KernelNumber.count("max")).contains(Limit.max());
        assertThat(KernelNumber.count("64")).contains(Limit.of(64L));
    }
}
