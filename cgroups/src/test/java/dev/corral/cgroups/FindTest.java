package dev.corral.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which controllers a group has, and why not the others. */
class FindTest {
    private static final List<Class<? extends ControllerFiles>> V1 = List.of(
            CpuV1.class,
            CpuAcctV1.class,
            CpusetV1.class,
            MemoryV1.class,
            PidsV1.class,
            BlkioV1.class,
            DevicesV1.class,
            FreezerV1.class);
    private static final List<Class<? extends ControllerFiles>> V2 =
            List.of(CpuV2.class, CpusetV2.class, MemoryV2.class, PidsV2.class, IoV2.class, Psi.class, TreeV2.class);

    private final Cgroup hybrid = new FakeKernel("6.18-hybrid").boot().create("a");
    private final Cgroup unified = new FakeKernel("6.1-container-v2")
            .offering("cpu", "cpuset", "memory", "pids", "io")
            .boot()
            .create("a");

    @Test
    void aHybridGroupHasTheControllersOfVersion1AndTheTreeOfVersion2() {
        assertThat(V1).allMatch(type -> hybrid.find(type).isPresent());
        assertThat(hybrid.find(TreeV2.class)).isPresent();
        assertThat(hybrid.find(Psi.class)).isPresent();
        assertThat(hybrid.find(CpuV2.class)).isEmpty();
        assertThat(hybrid.find(IoV2.class)).isEmpty();
        assertThat(hybrid.v1()).isPresent();
        assertThat(hybrid.v2()).isPresent();
    }

    @Test
    void aUnifiedGroupHasThoseOfVersion2() {
        assertThat(V2).allMatch(type -> unified.find(type).isPresent());
        assertThat(V1).noneMatch(type -> unified.find(type).isPresent());
        assertThat(unified.v1()).isEmpty();
    }

    @Test
    void theAccessorsAreTheSame() {
        ControllersV1 v1 = hybrid.v1().orElseThrow();
        ControllersV2 v2 = unified.v2().orElseThrow();

        assertThat(List.of(
                        v1.cpu(),
                        v1.cpuacct(),
                        v1.cpuset(),
                        v1.memory(),
                        v1.pids(),
                        v1.blkio(),
                        v1.devices(),
                        v1.freezer()))
                .extracting(ControllerFiles::name)
                .containsExactly("cpu", "cpuacct", "cpuset", "memory", "pids", "blkio", "devices", "freezer");
        assertThat(List.of(v2.cpu(), v2.cpuset(), v2.memory(), v2.pids(), v2.io(), v2.pressure(), v2.tree()))
                .extracting(ControllerFiles::path)
                .containsOnly(unified.path());
        assertThat(v1.memory()).hasToString("memory of /sys/fs/cgroup/memory/jobs/d7054/a");
    }

    @Test
    void aControllerThatIsNotThereSaysWhy() {
        ControllersV2 twin = hybrid.v2().orElseThrow();
        Cgroup narrow = hybrid.host().make(Limits.none().pids(3)).group().orElseThrow();

        assertThatThrownBy(twin::memory)
                .isInstanceOf(ControllerUnavailable.class)
                .hasMessageEndingWith(": version 1 holds it on this host");
        assertThatThrownBy(() -> unified.v2().orElseThrow().hugetlb())
                .isInstanceOf(ControllerUnavailable.class)
                .hasMessageContaining("cannot use hugetlb of " + unified.path())
                .hasMessageContaining("this kernel has no such controller in version 2");
        assertThatThrownBy(() -> narrow.v1().orElseThrow().memory())
                .isInstanceOf(ControllerUnavailable.class)
                .hasMessageEndingWith("the group was made without it");
        assertThatThrownBy(() -> new FakeKernel("4.9-legacy")
                        .boot()
                        .create("a")
                        .v1()
                        .orElseThrow()
                        .pids())
                .isInstanceOf(ControllerUnavailable.class);
        assertThatThrownBy(() -> hybrid.controller("rdma"))
                .isInstanceOf(ControllerUnavailable.class)
                .hasMessageContaining("cannot use rdma of ");
    }

    @Test
    void aControllerThatTheGroupAboveKeepsSaysSo() {
        FakeKernel kernel = new FakeKernel("6.1-container-v2").offering("cpu", "memory");
        Cgroup group = kernel.boot().create("a");
        kernel.set(group.path().resolve("cgroup.controllers"), "memory");

        assertThatThrownBy(() -> group.v2().orElseThrow().cpu())
                .isInstanceOf(ControllerUnavailable.class)
                .hasMessageEndingWith("the group above did not enable it in cgroup.subtree_control");
    }

    @Test
    void anyFileIsFoundInTheDirectoryThatHasIt() {
        Path memory = Path.of("/sys/fs/cgroup/memory/jobs/d7054/a");

        assertThat(hybrid.file("memory.swappiness").path()).isEqualTo(memory.resolve("memory.swappiness"));
        assertThat(hybrid.file("memory.pressure").path())
                .isEqualTo(hybrid.path().resolve("memory.pressure"));
        assertThat(hybrid.file("cgroup.max.depth").path().getParent()).isEqualTo(hybrid.path());
        assertThat(hybrid.file("cpu.stat").path().getParent()).isEqualTo(Path.of("/sys/fs/cgroup/cpu/a"));
        assertThat(hybrid.file("blkio.bfq.weight").exists()).isTrue();
        assertThat(hybrid.file("memory.nothing").exists()).isFalse();
        assertThat(hybrid.file("memory.nothing").path()).isEqualTo(memory.resolve("memory.nothing"));
        assertThat(hybrid.file("nothing").exists()).isFalse();
    }
}
