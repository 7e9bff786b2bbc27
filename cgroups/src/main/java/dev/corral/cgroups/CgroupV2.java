package dev.corral.cgroups;

/** A group in the single tree of version 2. */
public final class CgroupV2 extends Cgroup {
    CgroupV2(Cgroups host, GroupMaker.Made made, int ownProcesses, Closing closing) {
        super(host, made, ownProcesses, closing);
    }
}
