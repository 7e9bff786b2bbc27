package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobPaceTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({"1,10", "2,20", "3,40", "4,80", "5,160", "6,320", "7,600", "8,600", "40,600", "2147483647,600"})
    void doublesUpToTenMinutes(int failures, int seconds) {
        assertThat(JobPace.delay(failures)).isEqualTo(Duration.ofSeconds(seconds));
    }

    /** Each word is what one pass counts: f and s with their seconds, joined by a plus. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            "s5"                | 0 | -
            "f5"                | 1 | 15
            "f5 f20"            | 2 | 40
            "f5+f20+f30"        | 3 | 70
            "f5+f20 s25"        | 0 | -
            "f5+s5"             | 0 | -
            "f5 s5"             | 0 | -
            "f5+f6+s5"          | 1 | 16
            "f5 f20 s10"        | 2 | 40
            "f5 s10 f10"        | 0 | -
            "f5 s10 f11"        | 1 | 21
            "s10 f5"            | 0 | -
            "f9 f3"             | 2 | 29
            """)
    void countsFailuresSinceTheLastSuccess(String story, int failures, String until) {
        JobPace pace = JobPace.none();
        for (String pass : story.split(" ", -1)) {
            List<Instant> successes = new ArrayList<>();
            List<Instant> more = new ArrayList<>();
            for (String pod : pass.split("\\+", -1)) {
                (pod.charAt(0) == 's' ? successes : more).add(START.plusSeconds(Integer.parseInt(pod.substring(1))));
            }
            pace = pace.after(successes, more);
        }
        assertThat(pace.failures()).isEqualTo(failures);
        assertThat(pace.until()
                        .map(at -> Long.toString(Duration.between(START, at).toSeconds()))
                        .orElse("-"))
                .isEqualTo(until);
    }
}
