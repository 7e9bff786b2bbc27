package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntOrPercentTest {
    @ParameterizedTest
    @CsvSource({"25%, 10, 3, 2", "25%, 1, 1, 0", "25%, 4, 1, 1", "0%, 10, 0, 0", "100%, 7, 7, 7", "150%, 3, 5, 4"})
    void scalesAPercentage(String text, int total, int up, int down) {
        assertThat(IntOrPercent.parse(text).scaledUp(total)).isEqualTo(up);
        assertThat(IntOrPercent.parse(text).scaledDown(total)).isEqualTo(down);
    }

    @Test
    void aNumberStaysItself() {
        assertThat(IntOrPercent.of(3).scaledUp(1)).isEqualTo(3);
        assertThat(IntOrPercent.of(3).scaledDown(100)).isEqualTo(3);
    }

    @Test
    void aHugePercentageDoesNotOverflow() {
        assertThat(IntOrPercent.parse("999999999%").scaledUp(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"200", "", "%", "-1%", "1.5%", " 1%", "9999999999%"})
    void refusesWhatIsNoPercentage(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IntOrPercent.parse(text));
    }

    @Test
    void refusesANegativeNumber() {
        assertThatIllegalArgumentException().isThrownBy(() -> IntOrPercent.of(-1));
    }
}
