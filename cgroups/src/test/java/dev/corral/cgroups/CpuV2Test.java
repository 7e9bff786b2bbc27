package dev.corral.cgroups;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Applied;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("v2")
class CpuV2Test {
    private final Stage stage = Stage.v2("cpu");
    private final CpuV2 cpu = stage.controller(CpuV2.class);

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void quotaAndPeriodAreOneWrite() {
        Applied applied = cpu.max(ofMillis(10), ofMillis(100));

        assertThat(applied.entries()).hasSize(1);
        assertThat(applied.entries().get(0).written()).contains("10000 100000");
        assertThat(stage.text(cpu, "cpu.max")).isEqualTo("10000 100000");
        assertThat(cpu.max().cpus()).hasValue(0.1);
    }

    @Test
    void oneOfTheTwoKeepsTheOther() {
        cpu.max(ofMillis(10), ofMillis(100));
        cpu.period(ofMillis(50));
        assertThat(cpu.max()).isEqualTo(CpuMax.of(ofMillis(10), ofMillis(50)));

        cpu.quota(Limit.max());
        assertThat(stage.text(cpu, "cpu.max")).isEqualTo("max 50000");
        cpu.quota(Limit.of(ofMillis(25)));
        assertThat(cpu.max()).isEqualTo(CpuMax.of(ofMillis(25), ofMillis(50)));
    }

    @Test
    void aChildMayBeGivenMoreThanItsParent() {
        cpu.max(ofMillis(10), ofMillis(100));
        stage.group().v2().orElseThrow().tree();
        stage.group().file("cgroup.subtree_control").write("+cpu");
        CpuV2 below = new CpuV2(stage.below(cpu, "below"));

        below.max(ofMillis(50), ofMillis(100));

        assertThat(below.max()).isEqualTo(CpuMax.of(ofMillis(50), ofMillis(100)));
    }

    @Test
    void theBurstFollowsTheQuota() {
        cpu.max(CpuMax.of(ofMillis(50), ofMillis(100)), ofMillis(40));
        assertThat(cpu.burst()).contains(ofMillis(40));

        Applied applied = cpu.max(ofMillis(20), ofMillis(100));
        assertThat(applied.entries().get(0).note()).isEqualTo("lowered from 40000 us with the quota");
        assertThat(cpu.burst()).contains(ofMillis(20));

        cpu.max(CpuMax.of(ofMillis(60), ofMillis(100)), ofMillis(50));
        assertThat(cpu.burst()).contains(ofMillis(50));
        assertThatThrownBy(() -> cpu.burst(ofMillis(70)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EINVAL, a burst can't be above the quota, and the bandwidth is 60000 100000");
    }

    @Test
    void valuesThatTheKernelWouldRefuseAreNotWritten() {
        assertThatIllegalArgumentException().isThrownBy(() -> cpu.max(Duration.ofNanos(999_000), ofMillis(100)));
        assertThatIllegalArgumentException().isThrownBy(() -> cpu.max(Duration.ZERO, ofMillis(100)));
        assertThatIllegalArgumentException().isThrownBy(() -> cpu.burst(ofMillis(-1)));
        assertThat(cpu.max()).isEqualTo(CpuMax.unlimited());
    }

    @Test
    void weightsHaveARange() {
        assertThat(cpu.weight()).isEqualTo(100);
        assertThat(cpu.weight(300).readBack()).contains("300");
        assertThat(cpu.weight()).isEqualTo(300);
        assertThatThrownBy(() -> cpu.weight(0))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("it must be between 1 and 10000");
        assertThatThrownBy(() -> cpu.weight(10_001)).isInstanceOf(InvalidLimit.class);
    }

    @Test
    void niceValuesAreWeightsToo() {
        for (int nice = Nice.LOWEST; nice <= Nice.HIGHEST; nice++) {
            assertThat(cpu.weightNice(nice).readBack()).contains(Integer.toString(nice));
            assertThat(cpu.weight()).as("weight of nice %d", nice).isEqualTo(Nice.weight(nice));
        }
        assertThat(cpu.weightNice()).isEqualTo(19);
        assertThatThrownBy(() -> cpu.weightNice(20)).isInstanceOf(InvalidLimit.class);
    }

    @Test
    void idlingResetsTheWeightBothWays() {
        cpu.weight(300);

        assertThat(cpu.idle(true).note()).startsWith("cpu.weight was 300 and is ");
        assertThatThrownBy(() -> cpu.weight(400))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EINVAL, " + cpu.path() + " is idle; clear cpu.idle first");
        assertThat(cpu.idle(false).note()).endsWith(" and is 100 now");

        cpu.idle(true);
        cpu.busy(300);
        assertThat(cpu.weight()).isEqualTo(300);
        assertThat(cpu.idle()).contains(false);
    }
}
