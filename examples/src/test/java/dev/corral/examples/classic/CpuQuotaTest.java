package dev.corral.examples.classic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.corral.cgroups.Controller;
import dev.corral.examples.testing.Needs;
import org.junit.jupiter.api.Test;

class CpuQuotaTest {
    /** A machine that leaves the loops hardly more than their quota shows nothing of it, and is asked again. */
    private static final double ENOUGH = 0.4;

    private static final int TRIES = 10;

    @Test
    void twoLoopsAreBroughtToATenthOfACpu() throws InterruptedException {
        Needs.controlGroups(Controller.CPU);

        CpuQuota.Measured measured = CpuQuota.run();
        for (int again = 0; again < TRIES && measured.before() < ENOUGH; again++) {
            measured = CpuQuota.run();
        }

        assertThat(measured.after()).isBetween(0.0, 0.2).isLessThan(measured.before());
        assertThat(measured.throttled()).isPositive();
    }
}
