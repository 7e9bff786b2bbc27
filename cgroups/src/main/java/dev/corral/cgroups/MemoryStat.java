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
 * @param oomKills how many processes the kernel killed here for want of memory; empty before Linux 4.13
 */
public record MemoryStat(
        ByteSize current,
        Optional<ByteSize> peak,
        Limit<ByteSize> limit,
        Optional<ByteSize> swap,
        Optional<Long> oomKills) {}
