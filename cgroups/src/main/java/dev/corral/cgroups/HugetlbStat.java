package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.List;
import java.util.Optional;

/**
 * Huge pages of a group and all below it. Source: cgroup-v2.rst, "HugeTLB Interface Files"; cgroup-v1/hugetlb.rst.
 *
 * @param pages one for each size of huge pages that the kernel has, the smallest first
 */
public record HugetlbStat(List<Pages> pages) {
    public HugetlbStat {
        pages = List.copyOf(pages);
    }

    /**
     * Huge pages of one size.
     *
     * @param pageSize of one page
     * @param current in use
     * @param peak the most in use at once; version 1 only
     * @param limit this group's own limit
     * @param limitHits how often an allocation failed by the limit
     * @param reserved reserved, whether in use or not; empty before Linux 5.7
     */
    public record Pages(
            ByteSize pageSize,
            ByteSize current,
            Optional<ByteSize> peak,
            Limit<ByteSize> limit,
            Optional<Long> limitHits,
            Optional<ByteSize> reserved) {}
}
