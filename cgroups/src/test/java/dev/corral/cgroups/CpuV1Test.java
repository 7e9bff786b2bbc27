package dev.corral.cgroups;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.corral.Applied;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CpuV1Test {
    private static final long SEED = 20_240_601;

    private final Stage stage = Stage.v1("cpu", "cpuacct");
    private final CpuV1 cpu = stage.controller(CpuV1.class);

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void aQuotaKeepsThePeriod() {
        Applied applied = cpu.cfsQuota(ofMillis(10));

        assertThat(applied.entries().get(0).readBack()).contains("10000 100000");
        assertThat(stage.text(cpu, "cpu.cfs_quota_us")).isEqualTo("10000");
        assertThat(cpu.cfsQuota()).isEqualTo(Limit.of(ofMillis(10)));
        assertThat(cpu.cfsPeriod()).isEqualTo(ofMillis(100));
    }

    @Test
    void aPeriodKeepsTheQuota() {
        cpu.cfsQuota(ofMillis(10));
        cpu.cfsPeriod(ofMillis(50));

        assertThat(cpu.bandwidth()).isEqualTo(CpuMax.of(ofMillis(10), ofMillis(50)));
        cpu.cfsQuota(Limit.max());
        assertThat(cpu.bandwidth()).isEqualTo(new CpuMax(Limit.max(), ofMillis(50)));
        assertThat(stage.text(cpu, "cpu.cfs_quota_us")).isEqualTo("-1");
    }

    @Test
    void valuesThatTheKernelWouldRefuseAreNotWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cpu.cfsQuota(Duration.ofNanos(999_000)))
                .withMessage("quota of 999 us is below the minimum of 1000 us");
        assertThatIllegalArgumentException().isThrownBy(() -> cpu.cfsPeriod(ofMillis(1001)));
        assertThat(cpu.bandwidth()).isEqualTo(CpuMax.unlimited());
    }

    @Test
    void aBurstComesDownBeforeTheQuota() {
        cpu.bandwidth(CpuMax.of(ofMillis(50), ofMillis(100)), ofMillis(40));
        assertThat(cpu.burst()).contains(ofMillis(40));

        Applied applied = cpu.cfsQuota(ofMillis(20));

        assertThat(applied.entries())
                .extracting(Applied.Entry::note)
                .containsExactly("lowered from 40000 us with the quota", "");
        assertThat(cpu.burst()).contains(ofMillis(20));
        assertThat(cpu.cfsQuota()).isEqualTo(Limit.of(ofMillis(20)));
    }

    @Test
    void aBurstGoesUpAfterTheQuota() {
        cpu.bandwidth(CpuMax.of(ofMillis(20), ofMillis(100)), ofMillis(20));
        cpu.bandwidth(CpuMax.of(ofMillis(60), ofMillis(100)), ofMillis(50));
        assertThat(cpu.burst()).contains(ofMillis(50));

        cpu.bandwidth(CpuMax.of(ofMillis(10), ofMillis(100)), ofMillis(5));
        assertThat(cpu.burst()).contains(ofMillis(5));
        assertThat(cpu.cfsQuota()).isEqualTo(Limit.of(ofMillis(10)));
    }

    @Test
    void aBurstAboveTheQuotaNamesIt() {
        cpu.cfsQuota(ofMillis(20));

        assertThatThrownBy(() -> cpu.burst(ofMillis(30)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EINVAL, a burst can't be above the quota, and the bandwidth is 20000 100000");
        assertThatThrownBy(() -> cpu.bandwidth(CpuMax.of(ofMillis(20), ofMillis(100)), ofMillis(30)))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("a burst can't be above the quota, 20000 us");
    }

    @Test
    void moreThanTheGroupAboveNamesIt() {
        cpu.cfsQuota(ofMillis(50));
        CpuV1 below = new CpuV1(stage.below(cpu, "below"));

        assertThatThrownBy(() -> below.cfsQuota(ofMillis(60)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EINVAL, the group above, " + cpu.path() + ", allows 50000 of 100000 us");
        below.cfsQuota(ofMillis(40));
        assertThat(below.cfsQuota()).isEqualTo(Limit.of(ofMillis(40)));
    }

    @Test
    void lessThanAGroupBelowNamesIt() {
        CpuV1 below = new CpuV1(stage.below(cpu, "below"));
        below.cfsQuota(ofMillis(40));

        assertThatThrownBy(() -> cpu.cfsQuota(ofMillis(30)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("the group below, " + below.path() + ", has 40000 of 100000 us");
        assertThat(cpu.bandwidth()).isEqualTo(CpuMax.unlimited());
    }

    @Test
    void quotaAndPeriodComeInTheOrderThatTheGroupAboveAllows() {
        stage.needsRealKernel();
        cpu.cfsQuota(ofMillis(50));
        CpuV1 below = new CpuV1(stage.below(cpu, "below"));
        below.bandwidth(CpuMax.of(ofMillis(50), ofMillis(100)));

        below.bandwidth(CpuMax.of(ofMillis(25), ofMillis(50))); // in between 50000/50000 would be too much
        assertThat(below.bandwidth()).isEqualTo(CpuMax.of(ofMillis(25), ofMillis(50)));
        below.bandwidth(CpuMax.of(ofMillis(50), ofMillis(100))); // and here the quota comes second
        assertThat(below.bandwidth()).isEqualTo(CpuMax.of(ofMillis(50), ofMillis(100)));
    }

    @Test
    void whatWasWrittenBeforeARefusalIsTakenBack() {
        stage.needsRealKernel();
        cpu.cfsQuota(ofMillis(50));
        CpuV1 below = new CpuV1(stage.below(cpu, "below"));
        below.bandwidth(CpuMax.of(ofMillis(10), ofMillis(100)));

        assertThatThrownBy(() -> below.bandwidth(CpuMax.of(ofMillis(150), ofMillis(200))))
                .hasMessageContaining("allows 50000 of 100000 us");

        assertThat(below.bandwidth()).isEqualTo(CpuMax.of(ofMillis(10), ofMillis(100)));
    }

    @Test
    void anyBandwidthFollowsAnyOther() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            Duration period = ofMillis(1 + random.nextInt(1000));
            Limit<Duration> quota = random.nextInt(5) == 0 ? Limit.max() : Limit.of(ofMillis(1 + random.nextInt(2000)));
            CpuMax max = new CpuMax(quota, period);
            Duration burst = ofMillis(random.nextInt(
                    (int) Math.min(1000, quota.value().map(Duration::toMillis).orElse(1000L) + 1)));
            if (random.nextBoolean()) {
                cpu.bandwidth(max, burst);
                assertThat(cpu.burst()).as("round %d of seed %d", round, SEED).contains(burst);
            } else {
                cpu.bandwidth(max);
            }
            assertThat(cpu.bandwidth()).as("round %d of seed %d", round, SEED).isEqualTo(max);
        }
    }

    @Test
    void sharesAreClampedAndSaySo() {
        assertThat(cpu.shares(300).note()).isEmpty();
        assertThat(cpu.shares()).isEqualTo(300);

        Applied.Entry low = cpu.shares(1);
        assertThat(low.requested()).isEqualTo("1");
        assertThat(low.readBack()).contains("2");
        assertThat(low.note()).isEqualTo("clamped to 2");
        assertThat(cpu.shares(999_999).readBack()).contains("262144");
        assertThatThrownBy(() -> cpu.shares(-1)).isInstanceOf(InvalidLimit.class);
    }

    @Test
    void idlingResetsTheSharesBothWays() {
        cpu.shares(300);

        assertThat(cpu.idle(true).note()).isEqualTo("cpu.shares was 300 and is 3 now");
        assertThat(cpu.idle()).contains(true);
        assertThatThrownBy(() -> cpu.shares(400))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EINVAL, " + cpu.path() + " is idle; clear cpu.idle first");
        assertThat(cpu.idle(false).note()).isEqualTo("cpu.shares was 3 and is 1024 now");

        cpu.idle(true);
        cpu.busy(300);
        assertThat(cpu.idle()).contains(false);
        assertThat(cpu.shares()).isEqualTo(300);
    }

    @Test
    void aGroupThatWasReplacedIsNotWrittenTo() {
        stage.group().close();

        assertThatThrownBy(() -> cpu.shares(300)).isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> cpu.cfsQuota(ofMillis(10))).isInstanceOf(CgroupGone.class);
        assertThatThrownBy(cpu::shares).isInstanceOf(CgroupGone.class);
    }

    /** As a vendor's kernel wrote it: with a column of its own, and a line that was torn. */
    @Test
    void columnsAreFoundByTheirHeading() {
        FakeKernel fake = new FakeKernel("6.18-hybrid");
        CpuAcctV1 time = fake.boot().create("a").find(CpuAcctV1.class).orElseThrow();
        fake.set(time.path().resolve("cpuacct.usage_all"), "cpu  sched_delay system user\n0 9 20 10\n1 9 40 30\n2 9");
        assertThat(time.usageAll().orElseThrow())
                .containsExactly(
                        new CpuAcctV1.CpuTime(0, Duration.ofNanos(10), Duration.ofNanos(20)),
                        new CpuAcctV1.CpuTime(1, Duration.ofNanos(30), Duration.ofNanos(40)));
        fake.set(time.path().resolve("cpuacct.usage_all"), "nothing of the kind");
        assertThatThrownBy(time::usageAll).isInstanceOf(UnsupportedLimit.class);
        fake.remove(time.path().resolve("cpuacct.usage_all"));
        assertThat(time.usageAll()).isEmpty();
    }

    @Test
    void timeIsCountedAndBeginsAgain() {
        CpuAcctV1 time = stage.controller(CpuAcctV1.class);
        assertThat(time.usage()).isZero();
        assertThat(time.usagePerCpu()).isNotEmpty().allMatch(Duration::isZero);
        assertThat(time.usageAll().orElseThrow())
                .hasSameSizeAs(time.usagePerCpu())
                .contains(new CpuAcctV1.CpuTime(0, Duration.ZERO, Duration.ZERO));
        assertThat(time.usageUser()).contains(Duration.ZERO);
        assertThat(time.usageSystem()).contains(Duration.ZERO);
        stage.needsRealKernel();

        stage.inside("while :; do :; done", time);
        await().atMost(Duration.ofMinutes(1))
                .until(() -> time.usageAll().orElseThrow().stream()
                        .anyMatch(cpu -> cpu.user().plus(cpu.system()).compareTo(Duration.ZERO) > 0));
        assertThat(time.usage()).isPositive();
        stage.group().kill();
        time.reset();
        assertThat(time.usage()).isZero();
    }
}
