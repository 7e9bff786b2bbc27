package dev.corral.reconcile.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProbeKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaceTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Probe PROBE = Probe.tcp("http");

    @ParameterizedTest
    @EnumSource(names = {"STARTUP", "READINESS"})
    void untilTheFirstSuccessTheWaitsDoubleUpToThePeriod(ProbeKind kind) {
        List<Long> waits = new ArrayList<>();
        Pace pace = Pace.beginning(NOW);
        Instant now = NOW;
        for (int failure = 0; failure < 12; failure++) {
            pace = pace.after(false, now, PROBE, now);
            Instant next = pace.next(kind, now);
            waits.add(Duration.between(now, next).toMillis());
            now = next;
        }
        assertThat(waits).startsWith(100L, 200L, 400L, 800L, 1600L, 3200L).endsWith(10_000L, 10_000L, 10_000L);
        assertThat(Duration.between(NOW, now)).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void whetherItStillWorksIsAskedOnlyOnceAPeriod() {
        Pace pace = Pace.beginning(NOW).after(false, NOW, PROBE, NOW);
        assertThat(pace.next(ProbeKind.LIVENESS, NOW)).isEqualTo(NOW.plusSeconds(10));
    }

    @Test
    void aFailureThatWasAskedForEarlyDoesNotCountAgainstTheStart() {
        Pace pace = Pace.beginning(NOW);
        assertThat(pace.counts(NOW, ProbeKind.STARTUP)).isTrue();
        pace = pace.after(false, NOW, PROBE, NOW);
        assertThat(pace.counts(NOW.plusMillis(100), ProbeKind.STARTUP)).isFalse();
        assertThat(pace.counts(NOW.plusMillis(100), ProbeKind.READINESS)).isTrue();
        assertThat(pace.counts(NOW.plusSeconds(10), ProbeKind.STARTUP)).isTrue();
    }

    @Test
    void afterTheFirstSuccessOnlyThePeriodCounts() {
        Pace pace = Pace.beginning(NOW).after(false, NOW, PROBE, NOW).after(true, NOW.plusMillis(100), PROBE, NOW);
        assertThat(pace.next(ProbeKind.READINESS, NOW)).isEqualTo(NOW.plusSeconds(10));
        Instant later = NOW.plusSeconds(10);
        assertThat(pace.after(false, later, PROBE, later).next(ProbeKind.READINESS, later))
                .isEqualTo(NOW.plusSeconds(20));
    }

    @Test
    void aPeriodThatIsShorterThanTheBackOffCounts() {
        Probe often = PROBE.period(Duration.ofMillis(30));
        assertThat(Pace.beginning(NOW).after(false, NOW, often, NOW).next(ProbeKind.READINESS, NOW))
                .isEqualTo(NOW.plusMillis(30));
    }

    @Test
    void anAnswerThatCameLateIsFollowedAtOnceOrAfterTheBackOffAndNeverInThePast() {
        Instant late = NOW.plusSeconds(1);
        assertThat(Pace.beginning(NOW).after(false, NOW, PROBE, late).next(ProbeKind.READINESS, late))
                .isEqualTo(late.plusMillis(100));
        Probe often = PROBE.period(Duration.ofMillis(30));
        assertThat(Pace.beginning(NOW).after(false, NOW, often, late).next(ProbeKind.READINESS, late))
                .isEqualTo(late);
        assertThat(Pace.beginning(NOW).after(true, NOW, often, late).next(ProbeKind.LIVENESS, late))
                .isEqualTo(late);
    }
}
