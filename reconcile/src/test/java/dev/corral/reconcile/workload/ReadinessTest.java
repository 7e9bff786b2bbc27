package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {
    @ParameterizedTest
    @CsvSource({
        "1, 3, '', false",
        "1, 3, s, true",
        "1, 3, sff, true",
        "1, 3, sfff, false",
        "1, 3, sffsff, true",
        "1, 3, sfffs, true",
        "2, 1, s, false",
        "2, 1, ss, true",
        "2, 1, sfs, false",
        "2, 1, ssf, false"
    })
    void countsAnswersInARow(int successThreshold, int failureThreshold, String answers, boolean ready) {
        Probe probe = Probe.tcp("http").successThreshold(successThreshold).failureThreshold(failureThreshold);
        Readiness readiness = Readiness.unknown();
        for (int i = 0; i < answers.length(); i++) {
            readiness = readiness.after(answers.charAt(i) == 's', probe);
        }
        assertThat(readiness.ready()).isEqualTo(ready);
    }
}
