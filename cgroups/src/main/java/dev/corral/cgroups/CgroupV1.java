package dev.corral.cgroups;

import java.util.List;

/** A group on a host whose controllers sit in version 1 hierarchies; it has one directory in each of them. */
public final class CgroupV1 extends Cgroup {
    CgroupV1(Cgroups host, List<GroupDirectory> directories, int ownProcesses) {
        super(host, directories, ownProcesses);
    }
}
