package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.corral.Applied;
import dev.corral.internal.linux.Errno;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApplyTest {
    private final FakeKernel v1 = new FakeKernel("6.18-hybrid");
    private final FakeKernel v2 = new FakeKernel("6.1-container-v2");
    private final Cgroup old = v1.boot().create("a");
    private final Cgroup unified = v2.boot().create("a");

    @BeforeEach
    void writesOfTheMakingDoNotCount() {
        v1.writes.clear();
    }

    @Test
    void swapIsOffByDefault() {
        Applied onV1 = old.apply(Limits.none().memory(mebibytes(64)));
        Applied onV2 = unified.apply(Limits.none().memory(mebibytes(64)));

        assertThat(v1.writes).containsExactly("memory.limit_in_bytes=67108864", "memory.memsw.limit_in_bytes=67108864");
        assertThat(v2.writes).endsWith("memory.swap.max=0", "memory.max=67108864");
        assertThat(onV1.entries()).extracting(Applied.Entry::feature).containsExactly("memory", "swap");
        assertThat(onV2.entries()).extracting(Applied.Entry::feature).containsExactly("swap", "memory");
        assertThat(onV1.dropped()).isEmpty();
        assertThat(onV2.dropped()).isEmpty();
    }

    @Test
    void raisingBeginsWithTheSum() {
        old.apply(Limits.none().memory(mebibytes(64)));
        v1.writes.clear();

        old.apply(Limits.none().memory(mebibytes(128)));

        assertThat(v1.writes)
                .containsExactly("memory.memsw.limit_in_bytes=134217728", "memory.limit_in_bytes=134217728");
    }

    @Test
    void loweringBeginsWithTheLimit() {
        old.apply(Limits.none().memory(mebibytes(64)));
        v1.writes.clear();

        old.apply(Limits.none().memory(mebibytes(32)));

        assertThat(v1.writes).containsExactly("memory.limit_in_bytes=33554432", "memory.memsw.limit_in_bytes=33554432");
    }

    @Test
    void aSumThatComesDownWhileTheLimitGoesUpIsTriedInTheOtherOrder() {
        old.apply(Limits.none().memory(mebibytes(64)).swap(SwapPolicy.UNLIMITED));
        v1.writes.clear();

        old.apply(Limits.none().memory(mebibytes(128)));

        assertThat(v1.writes.get(0)).isEqualTo("memory.memsw.limit_in_bytes=134217728");
        assertThat(old.usage().memory().orElseThrow().limit()).isEqualTo(Limit.of(mebibytes(128)));
    }

    @Test
    void swapCanBeAllowed() {
        old.apply(Limits.none().memory(mebibytes(64)).swap(SwapPolicy.total(mebibytes(96))));
        unified.apply(Limits.none().memory(mebibytes(64)).swap(SwapPolicy.total(mebibytes(96))));

        assertThat(v1.writes).endsWith("memory.memsw.limit_in_bytes=100663296");
        assertThat(v2.writes).contains("memory.swap.max=33554432");
        v2.writes.clear();
        unified.apply(Limits.none().memory(mebibytes(64)).swap(SwapPolicy.UNLIMITED));
        assertThat(v2.writes).as("what is in place isn't written again").containsExactly("memory.swap.max=max");
    }

    @Test
    void withoutSwapAccountingAMachineWithoutSwapIsFine() {
        v1.remove(old.path(Controller.MEMORY).orElseThrow().resolve("memory.memsw.limit_in_bytes"));

        Applied applied = old.apply(Limits.none().memory(mebibytes(64)));

        assertThat(applied.entries().get(1).readBack()).contains("no swap on this machine");
    }

    @Test
    void withoutSwapAccountingSwapCannotBeKeptOff() {
        v1.set(Path.of("/proc/swaps"), "Filename Type Size Used Priority\n/dev/sda2 partition 1048572 0 -2");
        v1.remove(old.path(Controller.MEMORY).orElseThrow().resolve("memory.memsw.limit_in_bytes"));
        Limits limits = Limits.none().memory(mebibytes(64));

        assertThatThrownBy(() -> old.apply(limits))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("does not account swap, and the machine has some")
                .hasMessageContaining("swapaccount=1");
        assertThat(old.apply(limits.bestEffort()).dropped())
                .extracting(Applied.Entry::feature)
                .containsExactly("swap");
        assertThat(old.apply(limits.swap(SwapPolicy.UNLIMITED)).dropped()).isEmpty();
    }

    @Test
    void sizesAreRoundedDownToAPageAndSaySo() {
        Applied.Entry entry =
                old.apply(Limits.none().memory(bytes(1_048_577))).entries().get(0);

        assertThat(entry.readBack()).contains("1048576");
        assertThat(entry.note()).isEqualTo("rounded down from 1048577 bytes to whole pages of 4 KiB");
        assertThat(entry.file()).contains("/sys/fs/cgroup/memory/jobs/d7054/a/memory.limit_in_bytes");
    }

    @Test
    void lessThanAPageIsRefusedEvenWithBestEffort() {
        assertThatThrownBy(() ->
                        unified.apply(Limits.none().memory(bytes(4095)).pids(1).bestEffort()))
                .isInstanceOf(InvalidLimit.class)
                .hasMessage("cannot limit memory: 4095 bytes are less than a page of this kernel, 4 KiB");
        assertThat(v2.writes).noneMatch(write -> write.startsWith("pids"));
    }

    @Test
    void theKernelsRefusalToGoBelowTheUsageIsTyped() {
        Path memory = old.path(Controller.MEMORY).orElseThrow();
        v1.set(memory.resolve("memory.usage_in_bytes"), "41943040");
        v1.set(memory.resolve("memory.max_usage_in_bytes"), "52428800");

        assertThatThrownBy(() -> old.apply(Limits.none().memory(mebibytes(10))))
                .hasMessageContaining("EBUSY, 40 MiB are in use and can't be reclaimed")
                .asInstanceOf(type(LimitBelowUsage.class))
                .satisfies(e -> assertThat(e.usage()).isEqualTo(mebibytes(40)))
                .satisfies(e -> assertThat(e.peak()).contains(mebibytes(50)));
    }

    @Test
    void version2IsNotAskedToKillForALowerLimit() {
        v2.set(unified.path().resolve("memory.current"), "41943040");

        assertThatThrownBy(() -> unified.apply(Limits.none().memory(mebibytes(10))))
                .isInstanceOf(LimitBelowUsage.class)
                .hasMessageContaining("the kernel would kill");
        assertThat(v2.writes).doesNotContain("memory.max=10485760");
    }

    @Test
    void halfACpuIsHalfOfEachPeriod() {
        Applied.Entry onV1 = old.apply(Limits.none().cpus(0.5)).entries().get(0);
        Applied.Entry onV2 = unified.apply(Limits.none().cpus(0.5)).entries().get(0);

        assertThat(onV1.readBack()).contains("50000 100000");
        assertThat(onV2.readBack()).contains("50000 100000");
        assertThat(v1.writes).containsExactly("cpu.cfs_quota_us=50000");
        assertThat(v2.writes).endsWith("cpu.max=50000 100000");
    }

    @Test
    void anotherPeriodIsSetBack() {
        v1.set(old.path(Controller.CPU).orElseThrow().resolve("cpu.cfs_period_us"), "50000");

        old.apply(Limits.none().cpus(2));

        assertThat(v1.writes).containsExactly("cpu.cfs_period_us=100000", "cpu.cfs_quota_us=200000");
    }

    @Test
    void moreThanTheGroupAboveHasNamesIt() {
        v1.set(Path.of("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), "10000");

        assertThatThrownBy(() -> old.apply(Limits.none().cpus(0.5)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("EINVAL, the group above, /sys/fs/cgroup/cpu, allows 10000 of 100000 us");
    }

    @Test
    void aKernelWithoutBandwidthControlSaysSo() {
        v1.remove(old.path(Controller.CPU).orElseThrow().resolve("cpu.cfs_quota_us"));

        assertThatThrownBy(() -> old.apply(Limits.none().cpus(1)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("without CPU bandwidth control");
    }

    @Test
    void aGroupByHandGetsExactlyThePidsAskedFor() {
        assertThat(old.apply(Limits.none().pids(7)).entries().get(0).readBack()).contains("7");
    }

    @Test
    void anErrorTellsOperationPathValueErrnoAndHint() {
        Path file = unified.path().resolve("pids.max");
        v2.fail("write " + file, Errno.EACCES);

        assertThatThrownBy(() -> unified.apply(Limits.none().pids(7)))
                .asInstanceOf(type(NotDelegated.class))
                .satisfies(e -> {
                    assertThat(e.operation()).isEqualTo("write");
                    assertThat(e.subject()).isEqualTo(file.toString());
                    assertThat(e.value()).contains("7");
                    assertThat(e.errno()).contains("EACCES");
                    assertThat(e.hint())
                            .hasValueSatisfying(hint -> assertThat(hint).contains("Delegate=yes"));
                    assertThat(e).hasMessageStartingWith("cannot write 7 to " + file + ": EACCES, uid 1000 may not");
                });
    }

    @Test
    void aGroupThatWasReplacedIsGone() {
        Path path = unified.path();
        v2.vanish(path);

        assertThatThrownBy(() -> unified.apply(Limits.none().pids(1))).isInstanceOf(CgroupGone.class);
        assertThatThrownBy(unified::usage).isInstanceOf(CgroupGone.class);
        v2.mkdir(path);
        v2.set(path.resolve("cgroup.procs"), "1");
        assertThatThrownBy(unified::usage).isInstanceOf(CgroupGone.class);
        assertThatThrownBy(() -> unified.apply(Limits.none().pids(1))).isInstanceOf(CgroupGone.class);
        assertThat(unified.kill().ok()).as("nobody of ours is left").isTrue();
        unified.close();
        assertThat(v2.groups("a")).as("the stranger of the same name").containsExactly(path);
    }
}
