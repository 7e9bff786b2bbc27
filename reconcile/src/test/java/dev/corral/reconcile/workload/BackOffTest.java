package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackOffTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void doublesFromTenSecondsToFiveMinutes() {
        List<Long> waits = new ArrayList<>();
        Instant now = START;
        BackOff backOff = BackOff.first(now);
        for (int i = 0; i < 7; i++) {
            Instant ended = now.plusMillis(50);
            now = backOff.due(ended);
            waits.add(Duration.between(ended, now).toSeconds());
            backOff = backOff.next(ended, now);
        }
        assertThat(waits).containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L);
    }

    @Test
    void startsOverOnceARunEndsMoreThanTenMinutesAfterTheLastRestart() {
        BackOff backOff = new BackOff(Duration.ofSeconds(160), START);
        Instant atTheEdge = START.plusSeconds(600);
        Instant beyond = atTheEdge.plusMillis(1);
        assertThat(backOff.due(atTheEdge)).isEqualTo(atTheEdge.plusSeconds(160));
        assertThat(backOff.due(beyond)).isEqualTo(beyond);
        assertThat(backOff.next(beyond, beyond)).isEqualTo(BackOff.first(beyond));
    }
}
