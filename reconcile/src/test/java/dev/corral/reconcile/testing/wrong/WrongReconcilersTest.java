package dev.corral.reconcile.testing.wrong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.SimulationFailure;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation finds what it is made to find, and only that. */
class WrongReconcilersTest {
    private static final int SEEDS = Integer.getInteger("seeds", 40);

    static Stream<Specimen> specimens() {
        return Stream.of(
                StaleDuplicate.specimen(),
                DeletesByName.specimen(),
                CrashBetweenWrites.specimen(),
                MissedEdge.specimen(),
                StateInAField.specimen(),
                WallClock.specimen(),
                DefaultDrift.specimen(),
                HotLoop.loop(),
                HotLoop.timestamp(),
                FinalizerDeadlock.specimen());
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void aWrongOneIsFoundNamedAndReplayedExactly(Specimen specimen) {
        SimulationFailure found = catchThrowableOfType(
                SimulationFailure.class,
                () -> specimen.wrong()
                        .apply(specimen.seeds())
                        .faults(specimen.faults())
                        .run());
        assertThat(found).as(specimen.name()).isNotNull();
        assertThat(found.oracle()).startsWith(specimen.oracle());
        if (specimen.named().isEmpty()) {
            assertThat(found.faults()).isEmpty();
        } else {
            assertThat(found.faults()).anyMatch(fault -> fault.startsWith(specimen.named()));
        }
        assertThat(found).hasMessageContaining("replay(\"" + found.replay() + "\")");

        SimulationFailure again = catchThrowableOfType(
                SimulationFailure.class, () -> specimen.wrong().apply(0).replay(found.replay()));
        assertThat(again).as(specimen.name()).isNotNull();
        assertThat(again.timeline()).isEqualTo(found.timeline());
        assertThat(again).hasMessage(found.getMessage());
    }

    @ParameterizedTest
    @MethodSource("specimens")
    void itsTwinSurvivesEverything(Specimen specimen) {
        specimen.right().apply(SEEDS).faults(Faults.all()).exhaustive().run();
    }
}
