package dev.corral.examples.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.cgroups.Controller;
import dev.corral.examples.testing.Needs;
import org.junit.jupiter.api.Test;

class CpuQuotaTest {
    @Test
    void twoLoopsAreBroughtToATenthOfACpu() throws InterruptedException {
        Needs.controlGroups(Controller.CPU);

        CpuQuota.Measured measured = CpuQuota.run();

        assertThat(measured.after()).isBetween(0.0, 0.2).isLessThan(measured.before());
        assertThat(measured.throttled()).isPositive();
    }
}
