package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.kibibytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.corral.Applied;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every version 2 group has: core files, pressure, and huge pages, which a hybrid host has there too. */
@Tag("v2")
class CoreV2Test {
    private final Stage stage = Stage.v2();

    @AfterEach
    void nothingIsLeft() {
        stage.close();
    }

    @Test
    void theTreeTellsOfItself() {
        TreeV2 tree = stage.controller(TreeV2.class);

        assertThat(tree.type()).contains("domain");
        assertThat(tree.populated()).isFalse();
        assertThat(tree.frozen()).isFalse();
        assertThat(tree.selfFreezing()).contains(false);
        assertThat(tree.descendants()).isZero();
        assertThat(tree.dyingDescendants()).isNotNegative();
        assertThat(tree.threads()).isEmpty();
        assertThat(tree.subtreeControl()).isEmpty();
        assertThat(tree.dyingDescendants("no-such-controller")).isEmpty();
    }

    @Test
    void howManyGroupsThereMayBe() {
        TreeV2 tree = stage.controller(TreeV2.class);

        assertThat(tree.maxDepth()).isEqualTo(Limit.max());
        assertThat(tree.maxDepth(Limit.of(5L)).readBack()).contains("5");
        assertThat(tree.maxDepth()).isEqualTo(Limit.of(5L));
        assertThat(tree.maxDescendants(Limit.of(0L)).readBack()).contains("0");
        assertThat(tree.maxDescendants(Limit.max()).readBack()).contains("max");
        assertThatThrownBy(() -> tree.maxDepth(Limit.of(-1L)))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("it must be between 0 and 2147483647");
    }

    @Test
    void pressureCanBeSwitchedOff() {
        Psi pressure = stage.controller(Psi.class);
        assumeTrue(pressure.enabled().isPresent(), "before Linux 6.1");

        assertThat(pressure.whyNot(Psi.Resource.MEMORY)).isEmpty();
        assertThat(pressure.enabled(false).readBack()).contains("0");
        assertThat(pressure.enabled()).contains(false);
        assertThat(pressure.file(Psi.Resource.MEMORY).exists()).isFalse();
        assertThat(pressure.whyNot(Psi.Resource.MEMORY)).contains("cgroup.pressure is 0 in " + pressure.path());

        pressure.enabled(true);
        assertThat(pressure.file(Psi.Resource.MEMORY).nestedKeyed().get("some")).containsKeys("avg10", "total");
    }

    @Test
    void hugePagesAreLimitedInWholePages() {
        HugetlbV2 hugetlb = hugetlb();
        assertThat(hugetlb.pageSizes()).contains(mebibytes(2));
        assertThat(hugetlb.max(mebibytes(2))).isEqualTo(Limit.max());

        Applied.Entry entry = hugetlb.max(mebibytes(2), Limit.of(mebibytes(3)));

        assertThat(entry.readBack()).contains("2097152");
        assertThat(entry.note()).isEqualTo("rounded down from 3145728 bytes to whole pages of 2 MiB");
        assertThat(hugetlb.max(mebibytes(2))).isEqualTo(Limit.of(mebibytes(2)));
        assertThat(hugetlb.reservedMax(mebibytes(2), Limit.of(mebibytes(4))).readBack())
                .contains("4194304");
        assertThat(hugetlb.reservedMax(mebibytes(2))).isEqualTo(Limit.of(mebibytes(4)));
        assertThat(hugetlb.max(mebibytes(2), Limit.max()).readBack()).contains("max");
        assertThat(hugetlb.max(mebibytes(2), Limit.of(bytes(0))).readBack()).contains("0");
        assertThatThrownBy(() -> hugetlb.max(mebibytes(2), Limit.of(mebibytes(1))))
                .isInstanceOf(InvalidLimit.class)
                .hasMessageContaining("it is less than a page, 2 MiB");
    }

    @Test
    void hugePagesAreCounted() {
        HugetlbV2 hugetlb = hugetlb();

        assertThat(hugetlb.current(mebibytes(2))).isEqualTo(bytes(0));
        assertThat(hugetlb.reserved(mebibytes(2))).isEqualTo(bytes(0));
        assertThat(hugetlb.failures(mebibytes(2))).isZero();
        assertThatThrownBy(() -> hugetlb.max(kibibytes(3)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("this kernel has no huge pages of 3 KiB, it has 2 MiB");
    }

    @Test
    void pidsOfVersion2() {
        assumeTrue(stage.group().find(PidsV2.class).isPresent(), "the pids controller is on version 1 here");
        PidsV2 pids = stage.controller(PidsV2.class);

        assertThat(pids.max(Limit.of(10L)).readBack()).contains("10");
        assertThat(pids.max()).isEqualTo(Limit.of(10L));
        assertThat(pids.current()).isZero();
        assertThat(pids.refusals()).contains(0L);
    }

    private HugetlbV2 hugetlb() {
        assumeTrue(stage.group().find(HugetlbV2.class).isPresent(), "no hugetlb controller in this group");
        return stage.controller(HugetlbV2.class);
    }
}
