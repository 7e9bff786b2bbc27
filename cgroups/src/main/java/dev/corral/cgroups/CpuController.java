package dev.corral.cgroups;

import dev.corral.Applied;

/** CPU bandwidth of one group. */
sealed interface CpuController permits CpuV1, CpuV2 {
    static CpuController of(GroupDirectory group) {
        return group.hierarchy().unified() ? new CpuV2(group) : new CpuV1(group);
    }

    /** Sets the quota for each 100 ms. */
    Applied.Entry limit(double cpus);
}
