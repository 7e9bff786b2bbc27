package dev.corral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "1k, 1000",
        "1Ki, 1024",
        "3M, 3000000",
        "256Mi, 268435456",
        "1G, 1000000000",
        "1Gi, 1073741824",
        "2T, 2000000000000",
        "1Ti, 1099511627776",
        "1P, 1000000000000000",
        "1Pi, 1125899906842624",
        "9E, 9000000000000000000",
        "7Ei, 8070450532247928832",
        "9223372036854775807, 9223372036854775807",
        "007, 7"
    })
    void aQuantityOfKubernetesIsRead(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(ByteSize.bytes(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "-1", "+1", "1.5Gi", "1e3", "1K", "1ki", "1kB", "1 Mi", "Mi", "0x10", "1Mi\n", "١"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"")
                .hasMessageContaining("256Mi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "8Ei", "10E", "9007199254740992Ki", "99999999999999999999999999"})
    void whatDoesNotFit63BitsIsRefused(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("size of " + text + ": it must be between 0 and 2^63-1 bytes");
    }

    @Test
    void unitsDoNotOverflow() {
        assertThat(ByteSize.gibibytes(1)).isEqualTo(ByteSize.mebibytes(1024)).isEqualTo(ByteSize.kibibytes(1 << 20));
        assertThat(ByteSize.gibibytes(Long.MAX_VALUE >> 30).bytes()).isEqualTo(Long.MAX_VALUE >> 30 << 30);
        assertThatThrownBy(() -> ByteSize.gibibytes((Long.MAX_VALUE >> 30) + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ByteSize.mebibytes(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 MiB");
    }

    @Test
    void aNegativeNumberIsNoSize() {
        assertThatThrownBy(() -> ByteSize.bytes(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("size of -1 bytes: it must be 0 or more");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1, 1 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "1536, 1.5 KiB",
        "91226112, 87 MiB",
        "91750400, 87.5 MiB",
        "268435456, 256 MiB",
        "1048575, 1 MiB",
        "1073741823, 1 GiB",
        "1288490189, 1.2 GiB",
        "9223372036854775807, 8 EiB"
    })
    void itPrintsInTheLargestUnitWithOneDecimalAtMost(long bytes, String text) {
        assertThat(ByteSize.bytes(bytes)).hasToString(text);
    }

    @Test
    void sizesAreOrdered() {
        assertThat(Stream.of("1Gi", "0", "1G", "5")
                        .map(ByteSize::parse)
                        .sorted()
                        .map(ByteSize::toString))
                .containsExactly("0 B", "5 B", "953.7 MiB", "1 GiB");
    }
}
