package dev.corral.cgroups;

import java.util.List;

/** A group on a host with both versions: limits sit in version 1, and a twin in the version 2 tree kills at once and is born into. */
public final class HybridCgroup extends Cgroup {
    HybridCgroup(Cgroups host, List<GroupDirectory> directories, int ownProcesses) {
        super(host, directories, ownProcesses);
    }
}
