package dev.corral.cgroups;

import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EffectiveLimitsTest {
    private static final Path ABOVE = Path.of("/sys/fs/cgroup/memory/jobs/d7054");

    private final FakeKernel kernel = new FakeKernel("6.18-hybrid");
    private final Cgroups host = kernel.boot();
    private final Cgroup group = host.create("worker");

    @Test
    void nothingIsLimitedByNobody() {
        EffectiveLimits limits = group.effectiveLimits();

        assertThat(limits.memory().orElseThrow().limit().isMax()).isTrue();
        assertThat(limits.memory().orElseThrow().owner()).isEmpty();
        assertThat(limits.cpus().orElseThrow().limit().isMax()).isTrue();
        assertThat(limits.pids().orElseThrow().limit().isMax()).isTrue();
    }

    @Test
    void theTightestOfAllLevelsHolds() {
        group.apply(Limits.none().memory(mebibytes(256)).cpus(2).pids(100));
        assertThat(group.effectiveLimits().memory().orElseThrow().owner()).isEqualTo(group.path(Controller.MEMORY));

        kernel.set(ABOVE.resolve("memory.limit_in_bytes"), "268435456");
        assertThat(group.effectiveLimits().memory().orElseThrow().owner())
                .as("the lowest of those that have it")
                .isEqualTo(group.path(Controller.MEMORY));
        kernel.set(ABOVE.resolve("memory.limit_in_bytes"), "104857600");

        EffectiveLimits limits = group.effectiveLimits();
        assertThat(limits.memory().orElseThrow().limit()).isEqualTo(Limit.of(mebibytes(100)));
        assertThat(limits.memory().orElseThrow().owner()).contains(ABOVE);
        assertThat(limits.cpus().orElseThrow().limit()).isEqualTo(Limit.of(2.0));
        assertThat(limits.pids().orElseThrow().limit()).isEqualTo(Limit.of(100L));
        assertThat(host.self().effectiveLimits().memory().orElseThrow().owner()).contains(ABOVE);
        assertThat(host.self().effectiveLimits().pids().orElseThrow().limit().isMax())
                .isTrue();
    }

    @Test
    void whereTheRootCannotBeSeenThereMayBeLess() {
        group.apply(Limits.none().pids(100));
        EffectiveLimit<Long> pids = group.effectiveLimits().pids().orElseThrow();
        assertThat(pids.bound()).isEqualTo(EffectiveLimit.Bound.AT_MOST);
        assertThat(pids)
                .hasToString("at most 100 by " + group.path(Controller.PIDS).orElseThrow());

        kernel.set(Path.of("/sys/fs/cgroup/pids/release_agent"), "");

        assertThat(group.effectiveLimits().pids().orElseThrow().bound()).isEqualTo(EffectiveLimit.Bound.EXACT);
    }

    @Test
    void version2ReadsQuotaAndPeriodFromOneFile() {
        FakeKernel v2 = new FakeKernel("6.1-container-v2");
        Cgroup unified = v2.boot().create("worker");
        v2.set(unified.path().resolve("cpu.max"), "150000 100000");
        v2.set(unified.path().resolve("memory.max"), "max");

        EffectiveLimits limits = unified.effectiveLimits();

        assertThat(limits.cpus().orElseThrow().limit()).isEqualTo(Limit.of(1.5));
        assertThat(limits.cpus().orElseThrow().owner()).contains(unified.path());
        assertThat(limits.memory().orElseThrow().limit().isMax()).isTrue();
    }

    @Test
    void aGroupWithoutAControllerHasNoLimitOfIt() {
        assertThat(new EffectiveLimits(Optional.empty(), Optional.empty(), Optional.empty()))
                .isEqualTo(EffectiveLimits.of(java.util.List.of()));
    }

    /** A child that is limited in one thing gets one controller, and shares all other limits. */
    @Test
    void aGroupAboveLimitsOneWithoutTheController() {
        FakeKernel v2 = new FakeKernel("6.1-container-v2");
        Cgroups v2Host = v2.boot();
        Cgroup above = v2Host.create("above");
        Cgroup below = v2Host.make(Limits.none().pids(5).under(above)).group().orElseThrow();
        assertThat(below.path(Controller.MEMORY)).isEmpty();
        v2.set(above.path().resolve("memory.max"), "104857600");
        v2.set(above.path().resolve("cpu.max"), "50000 100000");

        EffectiveLimits limits = below.effectiveLimits();

        assertThat(limits.memory().orElseThrow().limit()).isEqualTo(Limit.of(mebibytes(100)));
        assertThat(limits.memory().orElseThrow().owner()).contains(above.path());
        assertThat(limits.cpus().orElseThrow().limit()).isEqualTo(Limit.of(0.5));
        assertThat(limits.pids().orElseThrow().owner()).contains(below.path());
    }

    @ParameterizedTest
    @CsvSource({
        "cpu.max, garbage",
        "cpu.max, 50000",
        "cpu.max, 50000 0",
        "cpu.max, 50000 many",
        "memory.max, -1",
        "pids.max, some"
    })
    void whatIsNotUnderstoodIsNotUnlimited(String file, String text) {
        FakeKernel v2 = new FakeKernel("6.1-container-v2");
        Cgroup unified = v2.boot().create("worker");
        v2.set(unified.path().resolve(file), text);

        assertThatThrownBy(unified::effectiveLimits)
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining(unified.path().resolve(file) + ": it holds no number but \"" + text + "\"");
    }

    /** It occurs in the field. */
    @Test
    void aFileWithNothingInItSaysNothing() {
        FakeKernel v2 = new FakeKernel("6.1-container-v2");
        Cgroup unified = v2.boot().create("worker");
        v2.set(unified.path().resolve("cpu.max"), "");

        assertThat(unified.effectiveLimits().cpus().orElseThrow().limit().isMax())
                .isTrue();
    }

    @Test
    void version1NeedsBothNumbers() {
        Path cpu = group.path(Controller.CPU).orElseThrow();
        kernel.set(cpu.resolve("cpu.cfs_quota_us"), "fast");
        assertThatThrownBy(group::effectiveLimits)
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("cpu.cfs_quota_us");
        kernel.remove(cpu.resolve("cpu.cfs_quota_us"));
        assertThat(group.effectiveLimits().cpus().orElseThrow().limit().isMax()).isTrue();
    }

    /** Other readers keep the group of the start, and its limits, for good. */
    @Test
    void aProcessThatWasMovedSeesTheLimitsOfItsNewGroup() {
        FakeKernel v2 = new FakeKernel("6.1-container-v2");
        Cgroups host = v2.boot();
        Cgroup other = host.create("other");
        v2.set(other.path().resolve("pids.max"), "7");
        OwnGroup before = host.self();
        assertThat(before.paths()).doesNotContain(other.path());

        v2.moved("0::/other");

        assertThat(host.self().paths()).containsExactly(other.path());
        assertThat(host.self().effectiveLimits().pids().orElseThrow().limit()).isEqualTo(Limit.of(7L));
        v2.set(other.path().resolve("pids.max"), "5");
        assertThat(host.self().effectiveLimits().pids().orElseThrow().limit()).isEqualTo(Limit.of(5L));
        assertThat(before.paths()).doesNotContain(other.path());
    }

    @Test
    void thisProcessKnowsItsOwn() {
        OwnGroup self = Cgroups.detect().self();

        assertThat(self.paths()).isNotEmpty();
        assertThat(self.effectiveLimits().memory()).isPresent();
        assertThat(self.usage(StatMask.of(StatMask.CPU, StatMask.MEMORY))).isNotNull();
    }
}
