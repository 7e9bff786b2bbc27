package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.Optional;
import java.util.function.Function;

/** What the memory controller of one group has counted, read anew each time. */
record MemoryCounters(GroupDirectory group) {
    static final String OOM_CONTROL = "memory.oom_control";
    private static final String EVENTS = "memory.events";
    static final String LOCAL_EVENTS = "memory.events.local";
    static final String KILLS = "oom_kill";

    /** One of the counts of a group that may vanish meanwhile; 0 then, and where the kernel does not keep it. */
    static long count(GroupDirectory group, Function<MemoryCounters, Optional<Long>> which) {
        return group.ifThere(there -> which.apply(new MemoryCounters(there))).orElse(0L);
    }

    /** How many processes were killed for want of memory, in version 2 those of groups below too; empty before Linux 4.13. */
    Optional<Long> kills() {
        return group.keyed(unified() ? EVENTS : OOM_CONTROL).get(KILLS);
    }

    /** The same without groups below; empty before Linux 5.2 on version 2. */
    Optional<Long> killsHere() {
        return group.keyed(unified() ? LOCAL_EVENTS : OOM_CONTROL).get(KILLS);
    }

    /**
     * How often this group's limit left the kernel no way but to kill, or in version 1 how often it was in the way. Before
     * Linux 5.2 version 2 counts those of groups below too. Empty if the kernel does not count it here.
     */
    Optional<Long> hits() {
        return unified()
                ? group.keyed(LOCAL_EVENTS)
                        .get("oom")
                        .or(() -> group.keyed(EVENTS).get("oom"))
                : failures();
    }

    /** Whether {@link #hits} has risen above a number; reads no more files than it takes to tell. */
    boolean hitsExceed(long before) {
        if (unified()) {
            return hits().filter(now -> now > before).isPresent();
        }
        Optional<Long> failed = failed();
        return failed.isPresent() && (failed.get() > before || (failed.get() == before && wasFull()));
    }

    Optional<Limit<ByteSize>> limit() {
        return group.text(unified() ? "memory.max" : "memory.limit_in_bytes")
                .flatMap(text -> KernelNumber.size(text, group.host().pageSize()));
    }

    /** Empty before Linux 5.19 on version 2. */
    Optional<ByteSize> peak() {
        return group.number(unified() ? "memory.peak" : "memory.max_usage_in_bytes")
                .map(ByteSize::bytes);
    }

    private boolean unified() {
        return group.hierarchy().unified();
    }

    /** Whether a limit of version 1 was reached, now or before. */
    boolean wasFull() {
        return !unified()
                && (full("memory.max_usage_in_bytes", "memory.limit_in_bytes")
                        || full("memory.memsw.max_usage_in_bytes", "memory.memsw.limit_in_bytes"));
    }

    /** Whether a version 1 group is full while its processes are to wait for memory, which they do again and again. */
    boolean isStuck() {
        Keyed control = group.keyed(OOM_CONTROL);
        long most = group.number("memory.limit_in_bytes").orElse(Long.MAX_VALUE);
        return control.get("oom_kill_disable").equals(Optional.of(1L))
                && (control.get("under_oom").equals(Optional.of(1L))
                        || group.number("memory.usage_in_bytes").orElse(0L)
                                >= most - 8 * group.host().pageSize());
    }

    /**
     * The two failure counters, and one more once the peak stands at a limit. With swap off the sum of memory and swap is in
     * the way first, and kernels that count failures for memory alone (6.18 does) would show nothing.
     */
    private Optional<Long> failures() {
        return failed().map(count -> count + (wasFull() ? 1 : 0));
    }

    private Optional<Long> failed() {
        return group.number("memory.failcnt")
                .map(count -> count + group.number("memory.memsw.failcnt").orElse(0L));
    }

    /** The kernel kills for want of up to eight pages in a row. */
    private boolean full(String peak, String limit) {
        long most = group.number(limit).orElse(Long.MAX_VALUE);
        long pages = 8 * group.host().pageSize();
        // version 1 prints "unlimited" as the largest number of whole pages, which no peak reaches
        return most < Long.MAX_VALUE - pages && group.number(peak).orElse(0L) >= most - pages;
    }
}
