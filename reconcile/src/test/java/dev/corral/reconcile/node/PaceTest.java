package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.Probe;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Probe PROBE = Probe.tcp("http");

    @Test
    void untilTheFirstSuccessTheWaitsDoubleUpToThePeriod() {
        List<Long> waits = new ArrayList<>();
        Pace pace = Pace.fresh();
        for (int failure = 0; failure < 100; failure++) {
            pace = pace.after(false);
            waits.add(Duration.between(NOW, pace.next(PROBE, NOW, NOW)).toMillis());
        }
        assertThat(waits).startsWith(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L);
        assertThat(waits).endsWith(10_000L);
    }

    @Test
    void afterTheFirstSuccessOnlyThePeriodCounts() {
        Pace pace = Pace.fresh().after(false).after(true);
        assertThat(pace.next(PROBE, NOW, NOW)).isEqualTo(NOW.plusSeconds(10));
        assertThat(pace.after(false).next(PROBE, NOW, NOW)).isEqualTo(NOW.plusSeconds(10));
    }

    @Test
    void aPeriodThatIsShorterThanTheBackOffCounts() {
        Probe often = PROBE.period(Duration.ofMillis(30));
        assertThat(Pace.fresh().after(false).next(often, NOW, NOW)).isEqualTo(NOW.plusMillis(30));
    }

    @Test
    void anAnswerThatCameLateIsFollowedAtOnceOrAfterTheBackOffAndNeverInThePast() {
        Instant late = NOW.plusSeconds(1);
        assertThat(Pace.fresh().after(false).next(PROBE, NOW, late)).isEqualTo(late.plusMillis(100));
        Probe often = PROBE.period(Duration.ofMillis(30));
        assertThat(Pace.fresh().after(false).next(often, NOW, late)).isEqualTo(late);
        assertThat(Pace.fresh().after(true).next(often, NOW, late)).isEqualTo(late);
    }
}
