package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.Optional;

/**
 * Memory charged to a group and all below it: what its processes hold, with their share of the page cache.
 *
 * <p>Source: {@code memory.usage_in_bytes} and its neighbours of version 1, {@code memory.current} and its neighbours of
 * version 2.
 *
 * @param current charged now
 * @param peak the most charged at once; empty before Linux 5.19 on version 2
 * @param limit this group's own limit
 * @param swap swap space in use; empty where the kernel does not account it
 * @param oomKills how many processes the kernel killed here for want of memory; empty before Linux 4.13. Version 1 counts the
 *     group alone, version 2 those below it too
 * @param limitHits how often usage was about to go over the limit
 * @param events the lines of {@code memory.events}, or of {@code memory.oom_control} of version 1
 * @param details the lines of {@code memory.stat}; most are in bytes. Those of version 1 that begin with {@code total_}
 *     include the groups below
 */
public record MemoryStat(
        ByteSize current,
        Optional<ByteSize> peak,
        Limit<ByteSize> limit,
        Optional<ByteSize> swap,
        Optional<Long> oomKills,
        Optional<Long> limitHits,
        Keyed events,
        Keyed details) {
    /** Memory of no file: heaps, stacks, private copies. Source: {@code anon}, or {@code total_rss} of version 1. */
    public Optional<ByteSize> anonymous() {
        return detail("anon", "total_rss");
    }

    /** The cache of files, tmpfs and shared memory included. Source: {@code file}, or {@code total_cache} of version 1. */
    public Optional<ByteSize> cache() {
        return detail("file", "total_cache");
    }

    /**
     * What is in use less the part of the cache that was not touched for a while: what Kubernetes calls the working set.
     * Source: {@code inactive_file}, or {@code total_inactive_file} of version 1.
     */
    public Optional<ByteSize> workingSet() {
        return detail("inactive_file", "total_inactive_file")
                .map(idle -> ByteSize.bytes(Math.max(0, current.bytes() - idle.bytes())));
    }

    private Optional<ByteSize> detail(String v2, String v1) {
        return details.get(v1).or(() -> details.get(v2)).map(ByteSize::bytes);
    }
}
