package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Applied;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What setting limits would change, and that setting them again changes nothing. */
class PlanTest {
    private static final DeviceNumber DISK = DeviceNumber.of(8, 0);
    private static final Limits ALL = Limits.none()
            .memory(mebibytes(64))
            .cpus(0.5)
            .cpuWeight(300)
            .pids(10)
            .cpuset(CpuSet.of(0))
            .mems(CpuSet.of(0))
            .io(IoMax.of(DISK).readBytes(mebibytes(1)).writeOps(50));

    private final FakeKernel v1 = new FakeKernel("6.18-hybrid");
    private final FakeKernel v2 = new FakeKernel("6.1-container-v2").offering("cpu", "cpuset", "memory", "pids", "io");
    private final Cgroup old = v1.boot().create("a");
    private final Cgroup unified = v2.boot().create("a");

    @Test
    void everythingIsSetOnBothVersionsAndReadBack() {
        for (Cgroup group : List.of(old, unified)) {
            Applied applied = group.apply(ALL);

            assertThat(applied.dropped()).isEmpty();
            assertThat(applied.entries())
                    .allSatisfy(entry -> assertThat(entry.readBack()).isPresent());
        }
        assertThat(old.find(CpuV1.class).orElseThrow().shares()).isEqualTo(3072);
        assertThat(unified.find(CpuV2.class).orElseThrow().weight()).isEqualTo(300);
        assertThat(old.find(BlkioV1.class).orElseThrow().throttle(DISK))
                .isEqualTo(unified.find(IoV2.class).orElseThrow().max(DISK));
        assertThat(old.find(CpusetV1.class).orElseThrow().cpus())
                .isEqualTo(unified.find(CpusetV2.class).orElseThrow().cpus());
    }

    @Test
    void aPlanChangesNothingAndTellsAll() {
        v1.writes.clear();
        LimitPlan plan = old.plan(ALL);

        assertThat(v1.writes).isEmpty();
        assertThat(plan.isInPlace()).isFalse();
        assertThat(plan.changes())
                .extracting(change ->
                        change.file().getFileName() + ": " + change.before().orElse("-") + " -> " + change.after())
                .containsExactly(
                        "memory.limit_in_bytes: max -> 67108864",
                        "memory.memsw.limit_in_bytes: max -> 67108864",
                        "cpu.cfs_quota_us: -1 -> 50000",
                        "cpu.shares: 1024 -> 3072",
                        "pids.max: max -> 10",
                        "cpuset.cpus: 0-3 -> 0",
                        "blkio.throttle.read_bps_device:  -> 1048576",
                        "blkio.throttle.write_iops_device:  -> 50");
    }

    @Test
    void whatWasPlannedIsWhatIsWritten() {
        List<String> planned = unified.plan(ALL).changes().stream()
                .map(change -> change.file().getFileName() + "")
                .toList();
        v2.writes.clear();

        unified.apply(ALL);

        assertThat(v2.writes)
                .extracting(write -> write.substring(0, write.indexOf('=')))
                .isEqualTo(planned);
    }

    @Test
    void setAgainNothingIsWritten() {
        for (Cgroup group : List.of(old, unified)) {
            group.apply(ALL);
            v1.writes.clear();
            v2.writes.clear();

            Applied again = group.apply(ALL);

            assertThat(v1.writes).isEmpty();
            assertThat(v2.writes).isEmpty();
            assertThat(again.entries())
                    .allSatisfy(entry -> assertThat(entry.written()).isEmpty());
            assertThat(group.plan(ALL).isInPlace()).isTrue();
            assertThat(group.plan(ALL)).hasToString("");
        }
    }

    @Test
    void driftShows() {
        unified.apply(ALL);
        v2.set(unified.path().resolve("cpu.max"), "max 100000");

        assertThat(unified.plan(ALL)).hasToString(unified.path() + "/cpu.max: max 100000 -> 50000 100000");
        assertThat(unified.apply(ALL).entries())
                .filteredOn(entry -> entry.written().isPresent())
                .extracting(Applied.Entry::feature)
                .containsExactly("cpu");
    }

    @Test
    void aPlanBelowTheUsageSaysWhatWouldBecomeOfIt() {
        v2.set(unified.path().resolve("memory.current"), "41943040");

        LimitPlan plan = unified.plan(Limits.none().memory(mebibytes(10)));

        assertThat(plan.changes())
                .extracting(LimitPlan.Change::note)
                .contains("40 MiB are in use: REFUSE_IF_ABOVE_USAGE");
    }

    @Test
    void aRefusalWritesNothingAtAll() {
        v2.set(unified.path().resolve("memory.current"), "41943040");
        v2.writes.clear();

        assertThatThrownBy(() -> unified.apply(Limits.none().memory(mebibytes(10))))
                .isInstanceOf(LimitBelowUsage.class);
        assertThat(v2.writes).isEmpty();
        Applied applied =
                unified.apply(Limits.none().memory(mebibytes(10)).pids(3).bestEffort());
        assertThat(applied.dropped()).extracting(Applied.Entry::feature).containsExactly("memory");
        assertThat(v2.writes).containsExactly("pids.max=3");
        assertThat(unified.apply(Limits.none().memory(mebibytes(10)).lowering(LowerPolicy.ALLOW_KILL))
                        .dropped())
                .isEmpty();
    }

    @Test
    void aPlanTellsWhatTheGroupDoesNotHave() {
        Cgroup narrow = old.host().make(Limits.none().pids(3)).group().orElseThrow();

        LimitPlan plan = narrow.plan(Limits.none().memory(mebibytes(10)).pids(4));

        assertThat(plan.changes()).extracting(LimitPlan.Change::feature).containsExactly("pids");
        assertThat(plan.dropped()).extracting(Applied.Entry::feature).containsExactly("memory");
        assertThat(plan.toString()).contains("memory: cannot limit memory: the group");
        assertThatThrownBy(() -> narrow.plan(Limits.none().memory(bytes(1)))).isInstanceOf(InvalidLimit.class);
    }

    @Test
    void aPlanGroupedByDeviceKeepsOneLimitForEach() {
        Limits limits = Limits.none()
                .io(IoMax.of(DISK).readBytes(mebibytes(1)))
                .io(IoMax.of(DISK).writeBytes(mebibytes(2)))
                .io(IoMax.of(DeviceNumber.of(254, 0)).readOps(5));

        assertThat(limits.io())
                .containsExactly(
                        IoMax.of(DISK).writeBytes(mebibytes(2)),
                        IoMax.of(DeviceNumber.of(254, 0)).readOps(5));
    }

    @Test
    void aGroupThatIsGoneHasNoPlan() {
        v2.vanish(unified.path());

        assertThatThrownBy(() -> unified.plan(ALL)).isInstanceOf(CgroupGone.class);
    }

    @Test
    void aWeightForAnIdleGroupIsAnError() {
        unified.find(CpuV2.class).orElseThrow().idle(true);

        assertThatThrownBy(() -> unified.apply(Limits.none().cpuWeight(300)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("is idle; clear cpu.idle first");
    }
}
