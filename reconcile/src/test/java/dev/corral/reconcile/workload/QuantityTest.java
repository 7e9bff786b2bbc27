package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "+1, 1",
        "-1, -1",
        "1.5, 1500m",
        "0.5Ki, 512",
        "1.5Gi, 1536Mi",
        "1024Ki, 1Mi",
        "1Ki, 1Ki",
        "1023.5Ki, 1048064",
        "1500m, 1500m",
        "1000m, 1",
        "1000, 1k",
        "1E, 1E",
        "1000E, 1000E",
        "1E3, 1e3",
        "12e6, 12e6",
        "1.5e3, 1500",
        "1e-3, 1e-3",
        "0.0000000001, 1n",
        "-0.0000000001, -1n",
        "1.0000000001, 1000000001n",
        "100n, 100n",
        "1000n, 1u",
        ".5, 500m",
        "5., 5",
        "16Ei, 9223372036854775807",
        "9223372036854775808, 9223372036854775808",
        "1025, 1025"
    })
    void printsItsCanonicalText(String text, String canonical) {
        assertThat(Quantity.parse(text)).hasToString(canonical);
        assertThat(Quantity.parse(canonical)).isEqualTo(Quantity.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mi", ".", "+", "1 Mi", "256MB", "256mi", "1e", "1e1234", "0x10", "--1", "1Ki2", "1K"})
    void refusesWhatIsNoQuantity(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Quantity.parse(text))
                .withMessageContaining(text);
    }

    @Test
    void comparesByValue() {
        assertThat(Quantity.parse("1")).isEqualTo(Quantity.parse("1000m")).hasSameHashCodeAs(Quantity.parse("1000m"));
        assertThat(Quantity.parse("1Ki")).isEqualTo(Quantity.parse("1024"));
        assertThat(Quantity.parse("999m")).isLessThan(Quantity.of(1));
        assertThat(Quantity.parse("1Gi")).isGreaterThan(Quantity.parse("1G"));
    }

    @Test
    void readsAWholeNumberRoundedUp() {
        assertThat(Quantity.parse("1500m").roundedUp()).isEqualTo(2);
        assertThat(Quantity.parse("-1500m").roundedUp()).isEqualTo(-1);
        assertThat(Quantity.parse("64Mi").roundedUp()).isEqualTo(64L << 20);
    }

    @Test
    void doesNotDependOnTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            assertThat(Quantity.parse("1.5Gi")).hasToString("1536Mi");
        } finally {
            Locale.setDefault(before);
        }
    }
}
