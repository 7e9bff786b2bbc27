package dev.corral.reconcile.workload;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RollingUpdateTest {
    @Test
    void roundsSurgeUpAndUnavailableDown() {
        assertThat(RollingUpdate.quarter().surge(10)).isEqualTo(3);
        assertThat(RollingUpdate.quarter().unavailable(10)).isEqualTo(2);
    }

    @Test
    void somethingCanAlwaysMove() {
        RollingUpdate update = maxUnavailable("25%").of(maxSurge("0%").of(RollingUpdate.quarter()));
        assertThat(update.surge(1)).isZero();
        assertThat(update.unavailable(1)).isEqualTo(1);
        assertThat(update.unavailable(0)).isZero();
    }

    @Test
    void noMoreIsUnavailableThanWanted() {
        assertThat(maxUnavailable(5).of(RollingUpdate.quarter()).unavailable(3)).isEqualTo(3);
    }

    /** Surge is rounded up and unavailable down; where both come to nothing, one may be missing. */
    @ParameterizedTest(name = "{0} replicas, {1} and {2}: {3} more, {4} fewer")
    @CsvSource({
        "0, 25%, 25%, 0, 0",
        "1, 25%, 25%, 1, 0",
        "3, 25%, 25%, 1, 0",
        "4, 25%, 25%, 1, 1",
        "5, 25%, 25%, 2, 1",
        "10, 25%, 25%, 3, 2",
        "100, 25%, 25%, 25, 25",
        "3, 0%, 25%, 0, 1",
        "3, 1%, 0%, 1, 0",
        "200, 0%, 1%, 0, 2",
        "3, 0, 5, 0, 3",
        "3, 5, 0, 5, 0",
        "0, 1, 0, 1, 0",
        "0, 0, 1, 0, 0",
        "2147483647, 100%, 100%, 2147483647, 2147483647",
    })
    void boundsOfSoManyReplicas(int replicas, String surge, String unavailable, int more, int fewer) {
        RollingUpdate update = new RollingUpdate(amount(surge), amount(unavailable));
        assertThat(update.surge(replicas)).isEqualTo(more);
        assertThat(update.unavailable(replicas)).isEqualTo(fewer);
    }

    private static IntOrPercent amount(String text) {
        return text.endsWith("%") ? IntOrPercent.parse(text) : IntOrPercent.of(Integer.parseInt(text));
    }
}
