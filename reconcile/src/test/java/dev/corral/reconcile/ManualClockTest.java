package dev.corral.reconcile;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.reconcile.testing.ManualClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualClockTest {
    private final ManualClock clock = Stores.clock();
    private final List<Instant> ran = new ArrayList<>();

    @Test
    void tasksRunInTheOrderOfTheirTimesEachAtItsOwn() {
        clock.at(Stores.START.plusSeconds(2), () -> ran.add(clock.now()));
        clock.at(Stores.START.plusSeconds(1), () -> {
            ran.add(clock.now());
            clock.at(clock.now().plusSeconds(3), () -> ran.add(clock.now()));
        });
        clock.at(Stores.START.plusSeconds(6), () -> ran.add(clock.now()));
        clock.advance(ofSeconds(5));

        assertThat(ran)
                .containsExactly(Stores.START.plusSeconds(1), Stores.START.plusSeconds(2), Stores.START.plusSeconds(4));
        assertThat(clock.now()).isEqualTo(Stores.START.plusSeconds(5));
        assertThat(clock.next()).contains(Stores.START.plusSeconds(6));
    }

    @Test
    void aTaskWhoseTimeHasPassedRunsAtTheNextAdvance() {
        clock.at(Stores.START.minusSeconds(1), () -> ran.add(clock.now()));
        assertThat(ran).isEmpty();

        clock.advance(ZERO);
        assertThat(ran).containsExactly(Stores.START);
    }

    @Test
    void aCancelledTaskDoesNotRun() {
        clock.at(Stores.START.plusSeconds(1), () -> ran.add(clock.now())).cancel();
        clock.advance(ofSeconds(2));

        assertThat(ran).isEmpty();
    }

    @Test
    void timeGoesForwardOnly() {
        assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(ofSeconds(-1)));
    }
}
