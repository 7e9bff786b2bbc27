package dev.corral.cgroups;

import java.util.List;

/** A group in the single tree of version 2. */
public final class CgroupV2 extends Cgroup {
    CgroupV2(Cgroups host, List<GroupDirectory> directories, int ownProcesses) {
        super(host, directories, ownProcesses);
    }
}
