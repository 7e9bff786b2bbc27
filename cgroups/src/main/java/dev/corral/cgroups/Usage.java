package dev.corral.cgroups;

import java.time.Instant;
import java.util.Optional;

/**
 * What a group used, at one instant. A part is empty where it was not asked for, and where the group does not have the
 * controller or the kernel does not have the files; {@link Cgroup#absence} says which. A file that can't be read is an
 * exception, not an empty part.
 *
 * @param at when the first file was read
 * @param cpu CPU time
 * @param memory memory charged
 * @param pids processes and threads
 * @param io traffic with block devices
 * @param hugetlb huge pages
 * @param pressure how much time was lost waiting; on a hybrid host from the group's twin in the version 2 tree
 * @param tree the groups below it; version 2 and hybrid
 */
public record Usage(
        Instant at,
        Optional<CpuStat> cpu,
        Optional<MemoryStat> memory,
        Optional<PidsStat> pids,
        Optional<IoStat> io,
        Optional<HugetlbStat> hugetlb,
        Optional<PressureStat> pressure,
        Optional<TreeStat> tree) {}
