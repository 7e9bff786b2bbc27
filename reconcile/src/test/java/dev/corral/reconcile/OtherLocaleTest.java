package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Texts for comparing are the same where digits and decimal points are others. */
class OtherLocaleTest {
    record Timed(Duration after) {}

    @Test
    void durationsAreWrittenInTheSameDigits() {
        Locale own = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        try {
            assertThat(SpecText.of(new Timed(Duration.ofMillis(1_500)))).isEqualTo(List.of("after: 1.5 s"));
        } finally {
            Locale.setDefault(own);
        }
    }
}
