package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.reconcile.Condition.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(60);

    @Test
    void theTransitionTimeMovesOnlyWhenTheStatusChanges() {
        Conditions noon = Conditions.none().with(ready(Status.FALSE, "Starting", 1, NOON));
        Conditions same = noon.with(ready(Status.FALSE, "StillStarting", 2, LATER));
        Conditions turned = same.with(ready(Status.TRUE, "Started", 2, LATER));

        assertThat(same.get("Ready")).contains(ready(Status.FALSE, "StillStarting", 2, NOON));
        assertThat(turned.get("Ready")).contains(ready(Status.TRUE, "Started", 2, LATER));
    }

    @Test
    void sayingTheSameLaterChangesNothing() {
        Conditions noon = Conditions.none().with(ready(Status.TRUE, "Started", 1, NOON));

        assertThat(noon.with(ready(Status.TRUE, "Started", 1, LATER))).isEqualTo(noon);
    }

    @Test
    void aConditionHoldsOnlyIfItIsKnownTo() {
        Conditions unknown = Conditions.none().with(ready(Status.UNKNOWN, "Lost", 1, NOON));

        assertThat(unknown.holds("Ready")).isFalse();
        assertThat(unknown.holds("Available")).isFalse();
        assertThat(unknown.with(ready(Status.of(true), "Found", 1, NOON)).holds("Ready"))
                .isTrue();
    }

    @Test
    void eachTypeStandsOnceAndKeepsItsPlace() {
        Condition available = new Condition("Available", Status.TRUE, "", "", 1, NOON);
        Conditions both = Conditions.none()
                .with(ready(Status.TRUE, "", 1, NOON))
                .with(available)
                .with(ready(Status.FALSE, "", 1, NOON));

        assertThat(both.all()).extracting(Condition::type).containsExactly("Ready", "Available");
        assertThat(both.without("Ready").all()).containsExactly(available);
        assertThatIllegalArgumentException().isThrownBy(() -> new Conditions(List.of(available, available)));
    }

    private static Condition ready(Status status, String reason, long generation, Instant at) {
        return new Condition("Ready", status, reason, "", generation, at);
    }
}
