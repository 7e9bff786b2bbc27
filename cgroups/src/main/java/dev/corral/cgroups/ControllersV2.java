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

    /** Quotas and weights of CPU time. */
    public CpuV2 cpu() {
        return ControllerKind.require(CpuV2.class, group);
    }

    /** Which CPUs and memory nodes may be used. */
    public CpusetV2 cpuset() {
        return ControllerKind.require(CpusetV2.class, group);
    }

    /** Memory, and swap. */
    public MemoryV2 memory() {
        return ControllerKind.require(MemoryV2.class, group);
    }

    /** How many processes and threads there may be. */
    public PidsV2 pids() {
        return ControllerKind.require(PidsV2.class, group);
    }

    /** Reads and writes of block devices. */
    public IoV2 io() {
        return ControllerKind.require(IoV2.class, group);
    }

    /** Huge pages, by their sizes. */
    public HugetlbV2 hugetlb() {
        return ControllerKind.require(HugetlbV2.class, group);
    }

    /** How long tasks waited for CPU, memory and block devices. */
    public Psi pressure() {
        return ControllerKind.require(Psi.class, group);
    }

    /** The files that every group has. */
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
