package dev.corral.reconcile;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.corral.reconcile.testing.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final ManualClock clock = Stores.clock();

    @Test
    void twiceAsLongEachTimeUpToHalfAMinute() {
        assertThat(delays(Backoff.standard(), 5))
                .containsExactly(ofMillis(5), ofMillis(10), ofMillis(20), ofMillis(40), ofMillis(80));
        assertThat(Limiter.of(Backoff.standard(), clock).delay(Integer.MAX_VALUE))
                .isEqualTo(ofSeconds(30));
    }

    @Test
    void fastThenSlow() {
        assertThat(delays(Backoff.fastThenSlow(ofMillis(1), 2, ofSeconds(1)), 4))
                .containsExactly(ofMillis(1), ofMillis(1), ofSeconds(1), ofSeconds(1));
        assertThat(delays(Backoff.fixed(ofSeconds(2)), 2)).containsExactly(ofSeconds(2), ofSeconds(2));
    }

    @Test
    void aBucketGivesWhatItHoldsAndThenWhatComesIn() {
        Limiter bucket = Limiter.of(Backoff.bucket(10, 3), clock);
        assertThat(List.of(bucket.delay(0), bucket.delay(0), bucket.delay(0), bucket.delay(0), bucket.delay(0)))
                .containsExactly(ZERO, ZERO, ZERO, ofMillis(100), ofMillis(200));
        clock.advance(ofSeconds(1));
        assertThat(bucket.delay(0)).isEqualTo(ZERO);
    }

    @Test
    void aFullBucketHoldsNoMore() {
        Limiter bucket = Limiter.of(Backoff.bucket(10, 2), clock);
        clock.advance(ofSeconds(60));
        assertThat(List.of(bucket.delay(0), bucket.delay(0), bucket.delay(0)))
                .containsExactly(ZERO, ZERO, ofMillis(100));
    }

    @Test
    void theLongerOfTwoAndNeverLongerThanACap() {
        assertThat(delays(
                        Backoff.standard().orLonger(Backoff.fixed(ofMillis(15))).atMost(ofMillis(30)), 4))
                .containsExactly(ofMillis(15), ofMillis(15), ofMillis(20), ofMillis(30));
    }

    @Test
    void aTenthMoreOrLess() {
        Jitter jitter = new Jitter(new Random(7));
        assertThat(IntStream.range(0, 1000).mapToObj(i -> jitter.spread(ofSeconds(10))))
                .allSatisfy(delay -> assertThat(delay).isBetween(ofSeconds(9), ofSeconds(11)))
                .anySatisfy(delay -> assertThat(delay).isLessThan(ofMillis(9_500)))
                .anySatisfy(delay -> assertThat(delay).isGreaterThan(ofMillis(10_500)));
    }

    @Test
    void partsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Backoff.exponential(ZERO, ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Backoff.exponential(ofSeconds(2), ofSeconds(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Backoff.fixed(ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Backoff.bucket(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Backoff.bucket(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Backoff.standard().atMost(ofSeconds(-1)));
    }

    private List<Duration> delays(Backoff backoff, int count) {
        Limiter limiter = Limiter.of(backoff, clock);
        return IntStream.range(0, count).mapToObj(limiter::delay).toList();
    }
}
