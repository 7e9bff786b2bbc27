package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.mebibytes;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Values that depend on each other, in memory: what is written in which order, and what is said when somebody else meddles. */
class TransactionTest {
    private final FakeKernel v1 = new FakeKernel("6.18-hybrid");
    private final FakeKernel v2 = new FakeKernel("6.1-container-v2").offering("cpu", "cpuset", "memory", "pids", "io");
    private final Cgroup old = v1.boot().create("a");
    private final Cgroup unified = v2.boot().create("a");
    private final MemoryV1 memory = old.find(MemoryV1.class).orElseThrow();
    private final MemoryV2 unifiedMemory = unified.find(MemoryV2.class).orElseThrow();
    private final CpuV1 cpu = old.find(CpuV1.class).orElseThrow();
    private final CpuV2 unifiedCpu = unified.find(CpuV2.class).orElseThrow();
    private final CpusetV1 cpuset = old.find(CpusetV1.class).orElseThrow();

    // ---------------------------------------------------------------- memory

    /** Somebody else raised the limit above the new sum just before that was written. */
    @Test
    void theOtherOrderIsTriedWhenTheFirstIsRefused() {
        memory.limits(Limit.of(mebibytes(64)), SwapPolicy.NONE);
        AtomicBoolean meddled = new AtomicBoolean();
        Path sum = memory.path().resolve("memory.memsw.limit_in_bytes");
        v1.before(sum, () -> {
            if (!meddled.getAndSet(true)) {
                v1.set(sum, "268435456");
                v1.set(memory.path().resolve("memory.limit_in_bytes"), "268435456");
            }
        });
        v1.writes.clear();

        Applied applied = memory.limits(Limit.of(mebibytes(128)), SwapPolicy.NONE);

        assertThat(v1.writes)
                .containsExactly(
                        "memory.memsw.limit_in_bytes=134217728",
                        "memory.limit_in_bytes=134217728",
                        "memory.memsw.limit_in_bytes=134217728");
        assertThat(applied.entries()).extracting(Applied.Entry::feature).containsExactly("memory", "swap");
        assertThat(memory.limitWithSwap()).contains(Limit.of(mebibytes(128)));
    }

    @Test
    void aRefusalOfAnotherKindIsNotTriedInTheOtherOrder() {
        v1.fail("write " + memory.path().resolve("memory.limit_in_bytes"), Errno.EIO);
        v1.writes.clear();

        assertThatThrownBy(() -> memory.limits(Limit.of(mebibytes(64)), SwapPolicy.NONE))
                .isInstanceOf(KernelRefused.class)
                .hasMessageEndingWith("memory.limit_in_bytes: EIO");
        assertThat(v1.writes).isEmpty();
    }

    @Test
    void aSumBelowWhatIsInUseNamesThatUsage() {
        v1.set(memory.path().resolve("memory.memsw.usage_in_bytes"), "41943040");
        v1.fail("write " + memory.path().resolve("memory.memsw.limit_in_bytes"), Errno.EBUSY);

        assertThatThrownBy(() -> memory.limits(Limit.of(mebibytes(10)), SwapPolicy.NONE))
                .hasMessageContaining(
                        "memory.memsw.limit_in_bytes: EBUSY, 40 MiB are in use, swap included, and can't be"
                                + " reclaimed")
                .asInstanceOf(type(LimitBelowUsage.class))
                .satisfies(e -> assertThat(e.usage()).isEqualTo(mebibytes(40)));
    }

    @Test
    void onlyBusyMeansThatItIsInUse() {
        v1.fail("write " + memory.path().resolve("memory.memsw.limit_in_bytes"), Errno.EIO);

        assertThatThrownBy(() -> memory.limits(Limit.of(mebibytes(10)), SwapPolicy.NONE))
                .isInstanceOf(KernelRefused.class)
                .hasMessageEndingWith("memory.memsw.limit_in_bytes: EIO");
    }

    /** The same limit again does not raise anything. */
    @Test
    void whatStaysBeginsWithTheLimit() {
        memory.limits(Limit.of(mebibytes(64)), SwapPolicy.NONE);
        v1.writes.clear();
        memory.limits(Limit.of(mebibytes(64)), SwapPolicy.total(mebibytes(96)));
        assertThat(v1.writes).containsExactly("memory.memsw.limit_in_bytes=100663296");
        v1.writes.clear();
        memory.limits(Limit.max(), SwapPolicy.UNLIMITED);
        assertThat(v1.writes).containsExactly("memory.memsw.limit_in_bytes=-1", "memory.limit_in_bytes=-1");
    }

    @Test
    void inTheReportTheLimitIsFirstWhateverWasWrittenFirst() {
        memory.limits(Limit.of(mebibytes(64)), SwapPolicy.NONE);

        assertThat(memory.limits(Limit.of(mebibytes(128)), SwapPolicy.NONE).entries())
                .extracting(Applied.Entry::feature)
                .containsExactly("memory", "swap");
    }

    @Test
    void unlimitedSwapIsNoSumAtAll() {
        memory.limits(Limit.of(mebibytes(64)), SwapPolicy.NONE);
        memory.limits(Limit.of(mebibytes(64)), SwapPolicy.UNLIMITED);

        assertThat(memory.limitWithSwap()).contains(Limit.max());
    }

    @Test
    void whereSwapIsNotAccountedTheMachineMustHaveNone() {
        v2.remove(unified.path().resolve("memory.swap.max"));
        Limits limits = Limits.none().memory(mebibytes(64));
        assertThat(unified.apply(limits).entries())
                .filteredOn(entry -> entry.feature().equals("swap"))
                .extracting(Applied.Entry::readBack)
                .containsExactly(Optional.of("no swap on this machine"));

        v2.set(Path.of("/proc/swaps"), "Filename\n/dev/sda2 partition");
        assertThatThrownBy(() -> unified.apply(limits)).isInstanceOf(UnsupportedLimit.class);
        assertThat(unified.apply(limits.swap(SwapPolicy.UNLIMITED)).entries())
                .filteredOn(entry -> entry.feature().equals("swap"))
                .extracting(Applied.Entry::readBack)
                .containsExactly(Optional.of("unlimited"));

        v2.remove(Path.of("/proc/swaps"));
        assertThatThrownBy(() -> unified.apply(limits))
                .as("what can't be told is not none")
                .isInstanceOf(UnsupportedLimit.class);
    }

    @Test
    void swapOfVersion2IsInWholePages() {
        unifiedMemory.limits(Limit.of(bytes((64 << 20) + 1)), SwapPolicy.total(bytes((96 << 20) + 4097)));

        assertThat(v2.writes).endsWith("memory.swap.max=33558528", "memory.max=67108864");
    }

    @Test
    void swapThatIsAllowedHasNoNote() {
        assertThat(unifiedMemory
                        .limits(Limit.of(mebibytes(64)), SwapPolicy.NONE)
                        .entries())
                .allSatisfy(entry -> assertThat(entry.note()).isEmpty());
    }

    /** The usage grew between the look and the write, and the kernel killed for the limit. */
    @Test
    void aKillForANewLimitIsInTheReport() {
        Path group = unified.path();
        v2.set(group.resolve("memory.events"), "oom 3\noom_kill 3");
        v2.before(group.resolve("memory.max"), () -> v2.set(group.resolve("memory.events"), "oom 4\noom_kill 5"));

        assertThat(unifiedMemory.max(Limit.of(mebibytes(8))).note())
                .isEqualTo("the kernel killed to get below it: oom_kill rose by 2");
        v2.before(group.resolve("memory.max"), () -> {});
        assertThat(unifiedMemory.max(Limit.of(mebibytes(9))).note()).isEmpty();
    }

    @Test
    void aPlanSaysNothingOfAUsageThatFits() {
        v2.set(unified.path().resolve("memory.current"), "41943040");

        assertThat(unified.plan(Limits.none().memory(mebibytes(40))).changes())
                .allSatisfy(change -> assertThat(change.note()).isEmpty());
    }

    @Test
    void aUsageOfJustTheLimitIsNoExcess() {
        v2.set(unified.path().resolve("memory.current"), "41943040");

        assertThat(unifiedMemory.max(Limit.of(mebibytes(40))).readBack()).contains("41943040");
        assertThatThrownBy(() -> unifiedMemory.max(Limit.of(bytes((40 << 20) - 4096))))
                .isInstanceOf(LimitBelowUsage.class)
                .hasMessageContaining("40 MiB are in use (the peak was 0 B), and the kernel would kill");
    }

    /** Each try gets half of what is asked for, in the fake kernel: it takes more than one. */
    @Test
    void reclaimingIsTriedFiveTimesForWhatIsStillTooMuch() {
        v2.set(unified.path().resolve("memory.current"), "41943040");
        v2.writes.clear();

        unifiedMemory.max(Limit.of(mebibytes(30)), LowerPolicy.RECLAIM_FIRST);

        assertThat(v2.writes).containsExactly("memory.reclaim=10485760", "memory.max=31457280");
        v2.set(unified.path().resolve("memory.current"), "4194304000");
        v2.writes.clear();
        assertThatThrownBy(() -> unifiedMemory.max(Limit.of(mebibytes(1)), LowerPolicy.RECLAIM_FIRST))
                .isInstanceOf(LimitBelowUsage.class)
                .hasMessageContaining("125 MiB are in use after reclaiming what can be");
        assertThat(v2.writes).hasSize(5).allMatch(write -> write.startsWith("memory.reclaim="));
        assertThat(v2.writes.get(1)).as("what was still too much").isEqualTo("memory.reclaim=2096103424");
    }

    @Test
    void withoutThePolicyNothingIsReclaimed() {
        v2.set(unified.path().resolve("memory.current"), "41943040");
        v2.writes.clear();

        assertThatThrownBy(() -> unifiedMemory.max(Limit.of(mebibytes(30)))).isInstanceOf(LimitBelowUsage.class);
        assertThat(v2.writes).isEmpty();
        assertThat(unifiedMemory
                        .max(Limit.of(mebibytes(30)), LowerPolicy.ALLOW_KILL)
                        .written())
                .contains("31457280");
        assertThat(v2.writes).containsExactly("memory.max=31457280");
    }

    @Test
    void onlyTooLittleIsAPartialResult() {
        v2.fail("write " + unified.path().resolve("memory.reclaim"), Errno.EIO);

        assertThatThrownBy(() -> unifiedMemory.reclaim(mebibytes(1)))
                .isInstanceOf(KernelRefused.class)
                .hasMessageEndingWith("memory.reclaim: EIO");
    }

    @Test
    void aSizeThatIsWrongIsNotTakenForASwappinessThatIsNotKnown() {
        v2.fail("write " + unified.path().resolve("memory.reclaim"), Errno.EINVAL);

        assertThatThrownBy(() -> unifiedMemory.reclaim(mebibytes(1))).isInstanceOf(KernelRefused.class);
        v2.fail("write " + unified.path().resolve("memory.reclaim"), Errno.EIO);
        assertThatThrownBy(() -> unifiedMemory.reclaim(mebibytes(1), 10)).isInstanceOf(KernelRefused.class);
    }

    // ---------------------------------------------------------------- cpu

    @Test
    void aQuotaThatIsRefusedNamesTheBurst() {
        v2.fail("write " + unified.path().resolve("cpu.max"), Errno.EINVAL);
        v2.set(unified.path().resolve("cpu.max.burst"), "7000");
        assertThatThrownBy(() -> unifiedCpu.max(ofMillis(10), ofMillis(100)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageEndingWith(
                        "EINVAL, the quota must be 1000 us or more and not below 7000 us of cpu.max.burst");
    }

    @Test
    void niceValuesHaveTwoEnds() {
        assertThat(unifiedCpu.weightNice(-20).readBack()).contains("-20");
        assertThatThrownBy(() -> unifiedCpu.weightNice(-21))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("it must be between -20 and 19");
    }

    @Test
    void aBurstOfJustTheNewQuotaStays() {
        unifiedCpu.max(CpuMax.of(ofMillis(50), ofMillis(100)), ofMillis(20));
        v2.writes.clear();

        Applied applied = unifiedCpu.max(ofMillis(20), ofMillis(100));

        assertThat(applied.entries()).hasSize(1);
        assertThat(v2.writes).containsExactly("cpu.max=20000 100000");
    }

    @Test
    void aBurstThatIsNamedComesDownWithoutANote() {
        unifiedCpu.max(CpuMax.of(ofMillis(50), ofMillis(100)), ofMillis(40));
        v2.writes.clear();

        Applied applied = unifiedCpu.max(CpuMax.of(ofMillis(20), ofMillis(100)), ofMillis(10));

        assertThat(v2.writes).containsExactly("cpu.max.burst=10000", "cpu.max=20000 100000");
        assertThat(applied.entries())
                .allSatisfy(entry -> assertThat(entry.note()).isEmpty());
    }

    @Test
    void noQuotaIsNoReasonToLowerABurst() {
        unifiedCpu.max(CpuMax.of(ofMillis(50), ofMillis(100)), ofMillis(40));
        v2.writes.clear();

        unifiedCpu.quota(Limit.max());

        assertThat(v2.writes).containsExactly("cpu.max=max 100000");
        assertThat(unifiedCpu.burst()).contains(ofMillis(40));
    }

    @Test
    void onlyAWrongValueIsExplainedByWhatBelongsToIt() {
        for (String file : List.of("cpu.max", "cpu.max.burst", "cpu.weight")) {
            v2.fail("write " + unified.path().resolve(file), Errno.EIO);
        }
        v2.set(unified.path().resolve("cpu.idle"), "1");

        for (Runnable setting : List.<Runnable>of(
                () -> unifiedCpu.max(ofMillis(10), ofMillis(100)),
                () -> unifiedCpu.burst(ofMillis(10)),
                () -> unifiedCpu.weight(300))) {
            assertThatThrownBy(setting::run).isInstanceOf(KernelRefused.class).hasMessageEndingWith(": EIO");
        }
    }

    @Test
    void aWeightThatIsWrongInAGroupThatRunsIsNotExplainedByIdling() {
        v2.fail("write " + unified.path().resolve("cpu.weight"), Errno.EINVAL);

        assertThatThrownBy(() -> unifiedCpu.weight(300))
                .isInstanceOf(KernelRefused.class)
                .hasMessageEndingWith("cpu.weight: EINVAL");
    }

    @Test
    void idlingThatIsInPlaceTellsOfNoWeight() {
        assertThat(cpu.idle(false).note()).isEmpty();
        assertThat(cpu.idle(true).note()).isEqualTo("cpu.shares was 1024 and is 3 now");
    }

    @Test
    void aQuotaThatIsRefusedOtherwiseTakesThePeriodBack() {
        v1.fail("write " + cpu.path().resolve("cpu.cfs_quota_us"), Errno.EIO);

        assertThatThrownBy(() -> cpu.bandwidth(CpuMax.of(ofMillis(10), ofMillis(50))))
                .isInstanceOf(KernelRefused.class)
                .hasMessageEndingWith("cpu.cfs_quota_us: EIO");
        assertThat(cpu.cfsPeriod()).as("taken back").isEqualTo(ofMillis(100));
    }

    @Test
    void aPeriodThatIsRefusedOtherwiseEndsIt() {
        v1.fail("write " + cpu.path().resolve("cpu.cfs_period_us"), Errno.EIO);
        v1.writes.clear();

        assertThatThrownBy(() -> cpu.bandwidth(CpuMax.of(ofMillis(10), ofMillis(50))))
                .isInstanceOf(KernelRefused.class);
        assertThat(v1.writes).isEmpty();
    }

    @Test
    void aPeriodThatNeitherOrderAllowsTakesTheQuotaBack() {
        v1.fail("write " + cpu.path().resolve("cpu.cfs_period_us"), Errno.EINVAL);

        assertThatThrownBy(() -> cpu.bandwidth(CpuMax.of(ofMillis(10), ofMillis(50))))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining(
                        "EINVAL, the kernel takes a quota of 1000 us or more, not below that of groups below");
        assertThat(cpu.cfsQuota()).as("taken back").isEqualTo(Limit.max());
    }

    @Test
    void aGroupBelowThatHasLessOrNothingIsNotInTheWay() {
        CpuV1 unlimited = new CpuV1(cpu.group().child("a-unlimited"));
        CpuV1 less = new CpuV1(cpu.group().child("b-less"));
        less.cfsQuota(ofMillis(10));
        CpuV1 more = new CpuV1(cpu.group().child("c-more"));
        more.cfsQuota(ofMillis(40));

        assertThat(unlimited.cfsQuota()).isEqualTo(Limit.max());
        assertThatThrownBy(() -> cpu.cfsQuota(ofMillis(20)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("the group below, " + more.path() + ", has 40000 of 100000 us");
    }

    // ---------------------------------------------------------------- cpuset

    @Test
    void aPlanOfASetWithNothingInCommonIsOneChange() {
        cpuset.cpus(CpuSet.of(0));

        assertThat(old.plan(Limits.none().cpuset(CpuSet.of(1))).changes())
                .extracting(LimitPlan.Change::after)
                .containsExactly("1");
    }

    @Test
    void theGroupItselfIsFirstInTheReport() {
        CpusetV1 below = new CpusetV1(cpuset.group().child("below"));
        CpusetV1.initialise(below.group());

        assertThat(cpuset.cpus(CpuSet.of(0)).entries())
                .extracting(entry -> entry.file().orElse(""))
                .containsExactly(cpuset.path() + "/cpuset.cpus", below.path() + "/cpuset.cpus");
        assertThat(cpuset.cpus(CpuSet.range(0, 2)).entries())
                .extracting(entry -> entry.file().orElse(""))
                .containsExactly(cpuset.path() + "/cpuset.cpus", below.path() + "/cpuset.cpus");
    }

    @Test
    void aGroupBelowThatIsNotFilledStaysSo() {
        GroupDirectory empty = cpuset.group().child("empty");

        cpuset.cpus(CpuSet.of(0));

        assertThat(new CpusetV1(empty).cpus()).isEqualTo(CpuSet.none());
    }

    @Test
    void aRefusalOfCpusThatExistIsNotExplainedByThoseThatDoNot() {
        Path file = cpuset.path().resolve("cpuset.cpus");
        for (int errno : List.of(Errno.ERANGE, Errno.EINVAL, Errno.EIO)) {
            v1.fail("write " + file, errno);
            assertThatThrownBy(() -> cpuset.cpus(CpuSet.of(0)))
                    .isInstanceOf(KernelRefused.class)
                    .hasMessageEndingWith("cpuset.cpus: " + Errno.name(errno));
        }
        v1.fail("write " + file, Errno.EIO);
        assertThatThrownBy(() -> cpuset.cpus(CpuSet.of(9))).isInstanceOf(KernelRefused.class);
    }

    /** Of the file, not of what the group above has. */
    @Test
    void aListThatThisUserMayNotWriteSaysSo() {
        v1.deny(cpuset.path() + "/cpuset.cpus");
        v1.fail("write " + cpuset.path().resolve("cpuset.cpus"), Errno.EACCES);

        assertThatThrownBy(() -> cpuset.cpus(CpuSet.of(0))).isInstanceOf(NotDelegated.class);
    }

    @Test
    void onlyADifferenceFromWhatWasAskedIsNoted() {
        CpusetV2 unifiedSet = unified.find(CpusetV2.class).orElseThrow();
        Path effective = unified.path().resolve("cpuset.cpus.effective");

        assertThat(unifiedSet.cpus(CpuSet.of(1)).note()).isEmpty();
        v2.set(effective, "0-1");
        assertThat(unifiedSet.cpus(CpuSet.of(1)).note()).isEqualTo("effective is 0-1");
        assertThat(unified.plan(Limits.none().cpuset(CpuSet.of(2))).changes())
                .allSatisfy(change -> assertThat(change.note()).isEmpty());
        Applied.Entry cleared = unifiedSet.cpus(CpuSet.none());
        assertThat(cleared.note()).as("it has what the group above has").isEmpty();
        assertThat(cleared.requested()).isEqualTo("none");
    }

    @Test
    void memoryNodesAloneAreALimitToo() {
        assertThat(unified.apply(Limits.none().mems(CpuSet.of(0))).entries())
                .extracting(Applied.Entry::written)
                .containsExactly(Optional.of("0"));
    }

    @Test
    void whatIsDroppedIsNamedAsItWasAskedFor() {
        FakeKernel kernel = new FakeKernel("6.18-hybrid").deny("/sys/fs/cgroup");
        Limits limits = Limits.none()
                .cpus(0.5)
                .cpuWeight(300)
                .cpuset(CpuSet.range(0, 1))
                .mems(CpuSet.of(0))
                .io(IoMax.of(DeviceNumber.of(8, 0)).readOps(5));

        assertThat(kernel.boot().make(limits.bestEffort()).applied().dropped())
                .extracting(Applied.Entry::feature, Applied.Entry::requested)
                .containsExactly(
                        tuple("cpu", "0.5 CPUs, weight 300"),
                        tuple("cpuset", "cpus 0-1, memory nodes 0"),
                        tuple("io", "8:0 riops=5"));
    }

    @Test
    void memoryNodesAreReadFromTheirOwnList() {
        assertThatThrownBy(() -> unified.find(CpusetV2.class).orElseThrow().mems(CpuSet.of(3)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("memory node 3 does not exist, there are 0");
        assertThatThrownBy(() -> unified.find(CpusetV2.class).orElseThrow().cpus(CpuSet.of(7)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("cpu 7 does not exist, there are 0-3");
    }
}
