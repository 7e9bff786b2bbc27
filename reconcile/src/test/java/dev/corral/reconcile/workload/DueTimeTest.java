package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DueTimeTest {
    @ParameterizedTest(name = "{0} from {1} at {2}")
    @CsvSource(delimiter = '|', textBlock = """
            0 * * * *     | 2026-01-01T00:00:00Z | 2026-01-01T00:59:59Z | -                    | 0
            0 * * * *     | 2026-01-01T00:00:00Z | 2026-01-01T01:00:00Z | 2026-01-01T01:00:00Z | 1
            0 * * * *     | 2026-01-01T00:00:00Z | 2026-01-01T01:59:59Z | 2026-01-01T01:00:00Z | 1
            0 * * * *     | 2026-01-01T00:00:00Z | 2026-01-01T02:00:00Z | 2026-01-01T02:00:00Z | 2
            0 * * * *     | 2026-01-01T00:00:00Z | 2026-01-05T07:30:00Z | 2026-01-05T07:00:00Z | 103
            * * * * *     | 2026-01-01T00:00:00Z | 2028-01-01T00:00:30Z | 2028-01-01T00:00:00Z | 1051200
            @every 7m     | 2026-01-01T00:00:00Z | 2026-01-01T01:00:00Z | 2026-01-01T00:56:00Z | 8
            0,1 12 * * *  | 2026-01-01T00:00:00Z | 2026-01-01T13:00:00Z | 2026-01-01T12:01:00Z | 61
            0,1 12 * * *  | 2026-01-01T00:00:00Z | 2026-01-03T11:59:00Z | 2026-01-02T12:01:00Z | 2880
            0 9 * * 1-5   | 2026-01-01T09:00:00Z | 2026-01-11T12:00:00Z | 2026-01-09T09:00:00Z | 4
            0 0 1 1 *     | 2020-06-01T00:00:00Z | 2026-06-01T00:00:00Z | 2026-01-01T00:00:00Z | 6
            0 0 29 2 *    | 2093-01-01T00:00:00Z | 2103-06-01T00:00:00Z | 2096-02-29T00:00:00Z | 1
            """)
    void isTheLastOfThoseMissed(String expression, Instant earliest, Instant now, String latest, long missed) {
        DueTime due = DueTime.of(Schedule.parse(expression), ZoneOffset.UTC, earliest, now);
        assertThat(due.latest().map(Instant::toString).orElse("-")).isEqualTo(latest);
        assertThat(due.missed()).isEqualTo(missed);
        assertThat(due.never()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0 0 31 2 *", "0 0 31 4 *"})
    void neverComes(String expression) {
        Instant start = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(DueTime.of(Schedule.parse(expression), ZoneOffset.UTC, start, start)
                        .never())
                .isTrue();
    }
}
