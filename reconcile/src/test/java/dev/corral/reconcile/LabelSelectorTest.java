package dev.corral.reconcile;

import static dev.corral.reconcile.LabelSelector.Operator.DOES_NOT_EXIST;
import static dev.corral.reconcile.LabelSelector.Operator.EXISTS;
import static dev.corral.reconcile.LabelSelector.Operator.IN;
import static dev.corral.reconcile.LabelSelector.Operator.NOT_IN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelSelectorTest {
    private static final Map<String, String> LABELS = Map.of("app", "web", "tier", "front");

    @Test
    void theEmptySelectorMatchesEverything() {
        assertThat(LabelSelector.everything().matches(Map.of())).isTrue();
        assertThat(LabelSelector.everything().matches(LABELS)).isTrue();
    }

    @Test
    void everyLabelMustHaveItsValue() {
        assertThat(LabelSelector.of("app", "web").matches(LABELS)).isTrue();
        assertThat(LabelSelector.of("app", "web").and("tier", "back").matches(LABELS))
                .isFalse();
        assertThat(LabelSelector.of("zone", "").matches(LABELS)).isFalse();
    }

    @Test
    void aMissingLabelIsInNothingAndNotInEverything() {
        assertThat(all().and("zone", IN, "a").matches(LABELS)).isFalse();
        assertThat(all().and("zone", EXISTS).matches(LABELS)).isFalse();
        assertThat(all().and("zone", NOT_IN, "a").matches(LABELS)).isTrue();
        assertThat(all().and("zone", DOES_NOT_EXIST).matches(LABELS)).isTrue();
    }

    @Test
    void aPresentLabelIsComparedWithTheValues() {
        assertThat(all().and("app", IN, "api", "web").matches(LABELS)).isTrue();
        assertThat(all().and("app", NOT_IN, "api", "web").matches(LABELS)).isFalse();
        assertThat(all().and("app", EXISTS).matches(LABELS)).isTrue();
        assertThat(all().and("app", DOES_NOT_EXIST).matches(LABELS)).isFalse();
    }

    private static LabelSelector all() {
        return LabelSelector.everything();
    }
}
