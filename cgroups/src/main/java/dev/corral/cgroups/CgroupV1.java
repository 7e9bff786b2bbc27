package dev.corral.cgroups;

/** A group on a host whose controllers sit in version 1 hierarchies; it has one directory in each of them. */
public final class CgroupV1 extends Cgroup {
    CgroupV1(Cgroups host, GroupMaker.Made made, int ownProcesses, Closing closing) {
        super(host, made, ownProcesses, closing);
    }
}
