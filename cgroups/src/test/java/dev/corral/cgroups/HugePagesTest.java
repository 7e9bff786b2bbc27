package dev.corral.cgroups;

import static dev.corral.ByteSize.bytes;
import static dev.corral.ByteSize.gibibytes;
import static dev.corral.ByteSize.mebibytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HugePagesTest {
    private final FakeKernel kernel = new FakeKernel("6.1-container-v2").offering("hugetlb");
    private final Cgroups host = kernel.boot();
    private Cgroup group;
    private HugetlbV2 hugetlb;

    @BeforeEach
    void aGroupWithHugePages() {
        group = host.create("a");
        assertThat(group.handedDown()).containsExactly(HandedDown.done("hugetlb"));
        hugetlb = group.find(HugetlbV2.class).orElseThrow();
    }

    /** As those that have limits in common on both versions. */
    @Test
    void everyControllerIsHandedDownToGroupsInsideAsWell() {
        FakeKernel all = new FakeKernel("6.1-container-v2").offering("cpu", "hugetlb", "memory", "misc", "rdma");
        Cgroup outer = all.boot().create("a", "b");
        Cgroup inner = outer.child("c");

        for (String name : new String[] {"hugetlb", "misc", "rdma", "cpu"}) {
            assertThat(outer.controller(name).name()).isEqualTo(name);
            assertThat(inner.controller(name).name()).isEqualTo(name);
        }
    }

    /** A group of version 2 that holds processes can't hand them down, and that is no reason to fail. */
    @Test
    void oneThatCannotBeHandedDownIsLeftOut() {
        FakeKernel occupied = new FakeKernel("6.1-container-v2").offering("hugetlb", "memory");
        Cgroup outer = occupied.boot().create("a");
        occupied.set(outer.path().resolve("cgroup.procs"), "4711");

        Cgroup inner = outer.child("b");

        assertThat(inner.handedDown()).isEmpty();
        assertThat(inner.find(HugetlbV2.class)).isEmpty();
    }

    /** Reservations came with Linux 5.7, one release after the controller. */
    @Test
    void aKernelThatCountsNoReservationsHasHugePagesAllTheSame() {
        for (String size : new String[] {"2MB", "1GB"}) {
            kernel.remove(group.path().resolve("hugetlb." + size + ".rsvd.max"));
            kernel.remove(group.path().resolve("hugetlb." + size + ".rsvd.current"));
        }

        assertThat(hugetlb.pageSizes()).containsExactly(mebibytes(2), gibibytes(1));
        assertThat(hugetlb.max(mebibytes(2), Limit.of(mebibytes(4))).readBack()).contains("4194304");
        assertThatThrownBy(() -> hugetlb.reserved(mebibytes(2)))
                .isInstanceOf(UnsupportedLimit.class)
                .hasMessageContaining("hugetlb.2MB.rsvd.current");
    }

    @Test
    void aFileOfAnotherShapeIsNoSize() {
        kernel.set(group.path().resolve("hugetlb.max"), "0");
        kernel.set(group.path().resolve("hugetlb.vendor.max"), "0");
        kernel.set(group.path().resolve("hugetlb_4MB.max"), "0");
        kernel.set(group.path().resolve("hugetlb.4MB.low"), "0");

        assertThat(hugetlb.pageSizes()).containsExactly(mebibytes(2), gibibytes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "64KB, 65536",
        "2MB, 2097152",
        "1GB, 1073741824",
        "16GB, 17179869184",
        "8589934591GB, 9223372035781033984"
    })
    void aSizeIsInPowersOf1024(String name, long size) {
        assertThat(HugePages.pageSize(name)).contains(bytes(size));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "2TB", "xMB", "-2MB", "2", "8589934592GB", "99999999999999999999999KB"})
    void whatIsNoSizeIsEmpty(String name) {
        assertThat(HugePages.pageSize(name)).isEmpty();
    }
}
