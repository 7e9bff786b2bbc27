package dev.corral.cgroups;

/**
 * The version 1 controllers of a group. One that the group does not have is a {@link ControllerUnavailable} with the reason;
 * {@link Cgroup#find} asks first.
 */
public final class ControllersV1 {
    private final Cgroup group;

    ControllersV1(Cgroup group) {
        this.group = group;
    }

    /** Quotas and shares of CPU time. */
    public CpuV1 cpu() {
        return ControllerKind.require(CpuV1.class, group);
    }

    /** CPU time that was used. */
    public CpuAcctV1 cpuacct() {
        return ControllerKind.require(CpuAcctV1.class, group);
    }

    /** Which CPUs and memory nodes may be used. */
    public CpusetV1 cpuset() {
        return ControllerKind.require(CpusetV1.class, group);
    }

    /** Memory, and swap. */
    public MemoryV1 memory() {
        return ControllerKind.require(MemoryV1.class, group);
    }

    /** How many processes and threads there may be. */
    public PidsV1 pids() {
        return ControllerKind.require(PidsV1.class, group);
    }

    /** Reads and writes of block devices. */
    public BlkioV1 blkio() {
        return ControllerKind.require(BlkioV1.class, group);
    }

    /** Which devices may be used. */
    public DevicesV1 devices() {
        return ControllerKind.require(DevicesV1.class, group);
    }

    /** Whether its processes run. */
    public FreezerV1 freezer() {
        return ControllerKind.require(FreezerV1.class, group);
    }

    /**
     * A controller without a type of its own.
     *
     * @param name such as {@code net_cls}
     */
    public GenericController controller(String name) {
        return group.controller(name);
    }
}
