package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.corral.Applied;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("v2")
class CpusetV2Test {
    private final Stage stage = Stage.v2("cpuset");
    private final CpusetV2 cpuset = stage.controller(CpusetV2.class);
    private final CpuSet all = cpuset.effectiveCpus();

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void nothingAskedForIsWhatTheGroupAboveHas() {
        assertThat(cpuset.cpus()).isEqualTo(CpuSet.none());
        assertThat(all.isEmpty()).isFalse();
        assertThat(cpuset.effectiveMems().isEmpty()).isFalse();
        assertThat(cpuset.partition().kind()).isEqualTo(Partition.Kind.MEMBER);
    }

    @Test
    void aSetIsWrittenAndCleared() {
        CpuSet first = CpuSet.of(all.numbers().get(0));

        assertThat(cpuset.cpus(first).readBack()).contains(first.toString());
        assertThat(cpuset.effectiveCpus()).isEqualTo(first);
        assertThat(cpuset.mems(CpuSet.of(0)).readBack()).contains("0");

        Applied.Entry cleared = cpuset.cpus(CpuSet.none());
        assertThat(cleared.written()).contains("");
        assertThat(cpuset.cpus()).isEqualTo(CpuSet.none());
        assertThat(cpuset.effectiveCpus()).isEqualTo(all);
    }

    @Test
    void aCpuThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> cpuset.cpus(CpuSet.of(9999)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("cpu 9999 does not exist, there are " + all);
    }

    @Test
    void aPartitionThatDoesNotHoldSaysWhy() {
        Applied.Entry entry = cpuset.partition(Partition.Kind.ROOT);

        assertThat(cpuset.partition().kind()).isEqualTo(Partition.Kind.ROOT);
        assertThat(cpuset.partition().holds()).isFalse();
        assertThat(entry.note())
                .startsWith("it does not hold: ")
                .endsWith(cpuset.partition().invalid().orElseThrow());
        assertThat(cpuset.partition(Partition.Kind.MEMBER).note()).isEmpty();
    }

    @Test
    void whatTheGroupReallyHasIsInTheReport() {
        FakeKernel fake = stage.fake();
        cpuset.cpus(CpuSet.of(1));
        fake.set(cpuset.path().resolve("cpuset.cpus.effective"), "0-1");

        assertThat(cpuset.cpus(CpuSet.of(1)).note()).isEqualTo("effective is 0-1");
    }

    @Test
    void exclusiveCpusAreNewer() {
        FakeKernel fake = stage.fake();
        fake.remove(cpuset.path().resolve("cpuset.cpus.exclusive"));

        assertThat(cpuset.exclusiveCpus()).isEmpty();
        assertThatThrownBy(() -> cpuset.exclusiveCpus(CpuSet.of(1))).isInstanceOf(UnsupportedLimit.class);
    }
}
