package dev.corral.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = Backoff.standard(new Random(7));

    @Test
    void theDelayDoublesFromFiveMilliseconds() {
        for (int failures = 0; failures < 12; failures++) {
            near(backoff.after(failures), Duration.ofMillis(5L << failures));
        }
    }

    @Test
    void theDelayEndsAtThirtySecondsHoweverManyFailures() {
        near(backoff.after(13), Duration.ofSeconds(30));
        near(backoff.after(Integer.MAX_VALUE), Duration.ofSeconds(30));
    }

    @Test
    void keysThatFailTogetherReturnApart() {
        assertThat(backoff.after(10)).isNotEqualTo(backoff.after(10));
    }

    private static void near(Duration actual, Duration expected) {
        assertThat(actual)
                .isBetween(
                        Duration.ofNanos(expected.toNanos() * 9 / 10), Duration.ofNanos(expected.toNanos() * 11 / 10));
    }
}
