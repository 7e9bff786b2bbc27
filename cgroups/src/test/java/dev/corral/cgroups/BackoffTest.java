package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {
    private final List<Long> pauses = new ArrayList<>();
    private long now = Long.MAX_VALUE - 1_000_000;
    private final Backoff backoff = new Backoff(() -> now, pause -> {
        pauses.add(pause);
        now += pause;
    });

    @Test
    void noPauseGoesBeyondTheEnd() {
        assertThat(backoff.until(Duration.ofMillis(3), () -> false)).isFalse();

        assertThat(pauses).containsExactly(200_000L, 500_000L, 1_000_000L, 1_300_000L);
    }

    @Test
    void itIsTriedOnceWithoutAnyTime() {
        assertThat(backoff.until(Duration.ZERO, () -> true)).isTrue();
        assertThat(backoff.until(Duration.ofSeconds(-1), () -> false)).isFalse();
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 20_000_000_000L, 9_000_000_000L})
    void aTimeWithoutAnEndIsNone(long seconds) {
        AtomicInteger tries = new AtomicInteger();

        assertThat(backoff.until(Duration.ofSeconds(seconds), () -> tries.incrementAndGet() == 50))
                .isTrue();
    }

    @Test
    void aTimeLongBeforeTheBeginningIsNoTime() {
        assertThat(backoff.until(Duration.ofSeconds(Long.MIN_VALUE), () -> false))
                .isFalse();
        assertThat(pauses).isEmpty();
    }
}
