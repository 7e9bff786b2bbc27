package dev.corral.reconcile.workload;

import static dev.corral.reconcile.workload.ProbeKind.LIVENESS;
import static dev.corral.reconcile.workload.ProbeKind.READINESS;
import static dev.corral.reconcile.workload.ProbeKind.STARTUP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.reconcile.workload.Health.Verdict;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    private static final Probe PROBE = Probe.exec("true").failureThreshold(3);
    private static final Container BARE = Container.named("web").command("serve");
    private static final Container FULL = BARE.startup(PROBE).liveness(PROBE).readiness(PROBE.successThreshold(2));

    @Test
    void beforeTheFirstResultReadinessIsFailureLivenessSuccessAndStartupUnknown() {
        assertThat(verdicts(Health.unasked(FULL))).containsExactly(Verdict.UNKNOWN, Verdict.SUCCESS, Verdict.FAILURE);
        assertThat(verdicts(Health.unasked(BARE))).containsOnly(Verdict.SUCCESS);
    }

    @ParameterizedTest(name = "{0}: {1} gives {2}")
    @CsvSource({
        "STARTUP, nn, UNKNOWN", "STARTUP, nnn, FAILURE", "STARTUP, nny, SUCCESS", "STARTUP, nnyn, SUCCESS",
        "STARTUP, nnny, FAILURE", "LIVENESS, nn, SUCCESS", "LIVENESS, nnynn, SUCCESS", "LIVENESS, nnn, FAILURE",
        "LIVENESS, nnnyyy, FAILURE", "READINESS, y, FAILURE", "READINESS, yny, FAILURE", "READINESS, yy, SUCCESS",
        "READINESS, yynn, SUCCESS", "READINESS, yynnn, FAILURE", "READINESS, yynnyn, SUCCESS"
    })
    void aResultCountsWhenItHasComeAsOftenInARowAsItsThreshold(ProbeKind kind, String answers, Verdict verdict) {
        Health health = Health.unasked(FULL);
        if (kind != STARTUP) {
            health = health.after(STARTUP, true, PROBE);
        }
        for (int i = 0; i < answers.length(); i++) {
            health = health.after(kind, answers.charAt(i) == 'y', kind.of(FULL).orElseThrow());
        }
        assertThat(health.verdict(kind)).isEqualTo(verdict);
    }

    @Test
    void theOthersWaitForTheStartupProbeWhichIsNotAskedAgain() {
        Health health = Health.unasked(FULL);
        assertThat(asked(health)).containsExactly(STARTUP);
        assertThat(health.after(READINESS, true, PROBE)).isEqualTo(health);
        Health started = health.after(STARTUP, true, PROBE);
        assertThat(asked(started)).containsExactly(LIVENESS, READINESS);
        Health failed = health;
        for (int i = 0; i < 3; i++) {
            failed = failed.after(STARTUP, false, PROBE);
        }
        assertThat(asked(failed)).isEmpty();
    }

    @Test
    void afterTheDeletionMarkOnlyReadinessGoesOn() {
        Health leaving = Health.unasked(FULL).leaving();
        assertThat(leaving.started()).isTrue();
        assertThat(leaving.verdict(LIVENESS)).isEqualTo(Verdict.SUCCESS);
        assertThat(leaving.ready()).isFalse();
        assertThat(leaving.after(READINESS, true, PROBE).ready()).isTrue();
    }

    private static List<Verdict> verdicts(Health health) {
        return Arrays.stream(ProbeKind.values()).map(health::verdict).toList();
    }

    private static List<ProbeKind> asked(Health health) {
        return Arrays.stream(ProbeKind.values()).filter(health::asks).toList();
    }
}
