package dev.corral.cgroups;

/**
 * The version 2 controllers of a group. One that the group does not have is a {@link ControllerUnavailable} with the reason;
 * {@link Cgroup#find} asks first.
 */
public final class ControllersV2 {
    private final Cgroup group;

    ControllersV2(Cgroup group) {
        this.group = group;
    }

    public CpuV2 cpu() {
        return ControllerKind.require(CpuV2.class, group);
    }

    public CpusetV2 cpuset() {
        return ControllerKind.require(CpusetV2.class, group);
    }

    public MemoryV2 memory() {
        return ControllerKind.require(MemoryV2.class, group);
    }

    public PidsV2 pids() {
        return ControllerKind.require(PidsV2.class, group);
    }

    public IoV2 io() {
        return ControllerKind.require(IoV2.class, group);
    }

    public HugetlbV2 hugetlb() {
        return ControllerKind.require(HugetlbV2.class, group);
    }

    public Psi pressure() {
        return ControllerKind.require(Psi.class, group);
    }

    public TreeV2 tree() {
        return ControllerKind.require(TreeV2.class, group);
    }

    /**
     * A controller without a type of its own.
     *
     * @param name such as {@code rdma}
     */
    public GenericController controller(String name) {
        return group.controller(name);
    }
}
