package dev.corral.reconcile.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TolerationTest {
    /** The taint is {@code disk=slow:NoSchedule}; a missing cell is an empty Optional. */
    @ParameterizedTest(name = "{0} {1} {2} {3}: {4}")
    @CsvSource({
        "disk,  EQUAL,  slow, NO_SCHEDULE, true",
        "disk,  EQUAL,  slow, ,            true",
        "disk,  EQUAL,  slow, NO_EXECUTE,  false",
        "disk,  EQUAL,  fast, NO_SCHEDULE, false",
        "disk,  EQUAL,  '',   NO_SCHEDULE, false",
        "disks, EQUAL,  slow, ,            false",
        "disk,  EXISTS, '',   NO_SCHEDULE, true",
        "disks, EXISTS, '',   ,            false",
        ",      EXISTS, '',   ,            true",
        ",      EXISTS, '',   NO_EXECUTE,  false",
        ",      EQUAL,  slow, ,            false",
    })
    void toleratesAsKubernetesDoes(
            String key, Toleration.Operator operator, String value, Taint.Effect effect, boolean wanted) {
        Toleration toleration = new Toleration(
                Optional.ofNullable(key), operator, value, Optional.ofNullable(effect), Optional.empty());
        assertThat(toleration.tolerates(new Taint("disk", "slow", Taint.Effect.NO_SCHEDULE)))
                .isEqualTo(wanted);
    }
}
