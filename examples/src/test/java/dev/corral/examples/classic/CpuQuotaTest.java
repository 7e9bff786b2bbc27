package dev.corral.examples.classic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.corral.examples.testing.Needs;
import org.junit.jupiter.api.Test;

class CpuQuotaTest {
    @Test
    void twoLoopsAreBroughtToATenthOfACpu() throws InterruptedException {
        Needs.controlGroups();

        CpuQuota.Measured measured = measured();

        assertThat(measured.after()).isBetween(0.0, 0.2).isLessThan(measured.before());
        assertThat(measured.throttled()).isPositive();
    }

    private static CpuQuota.Measured measured() throws InterruptedException {
        try {
            return CpuQuota.run();
        } catch (UnsupportedOperationException notCounted) {
            return abort(notCounted.getMessage());
        }
    }
}
