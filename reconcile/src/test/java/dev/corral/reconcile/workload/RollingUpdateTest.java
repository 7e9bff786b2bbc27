package dev.corral.reconcile.workload;

import static dev.corral.reconcile.workload.RollingUpdate.maxSurge;
import static dev.corral.reconcile.workload.RollingUpdate.maxUnavailable;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
}
