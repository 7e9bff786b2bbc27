package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.util.Optional;

/**
 * Memory from files of either version. Source: cgroup-v1/memory.rst; cgroup-v2.rst, "Memory Interface Files".
 *
 * @param hits {@code memory.failcnt}; the events on version 2
 * @param swap {@code memory.swap.current}; the details on version 1
 * @param events {@code memory.events} or {@code memory.oom_control}
 */
record MemoryFiles(
        boolean unified,
        ControlFile current,
        ControlFile peak,
        ControlFile limit,
        ControlFile hits,
        ControlFile swap,
        ControlFile events,
        ControlFile details) {
    static MemoryFiles open(GroupFiles files, GroupDirectory group) {
        ControlFile details = files.open(group, "memory.stat");
        if (group.hierarchy().unified()) {
            ControlFile events = files.open(group, "memory.events");
            return new MemoryFiles(
                    true,
                    files.open(group, "memory.current"),
                    files.open(group, "memory.peak"),
                    files.open(group, "memory.max"),
                    events,
                    files.open(group, "memory.swap.current"),
                    events,
                    details);
        }
        return new MemoryFiles(
                false,
                files.open(group, "memory.usage_in_bytes"),
                files.open(group, "memory.max_usage_in_bytes"),
                files.open(group, "memory.limit_in_bytes"),
                files.open(group, "memory.failcnt"),
                details,
                files.open(group, "memory.oom_control"),
                details);
    }

    /** Empty if the group has no memory controller. */
    Optional<MemoryStat> read(Scratch scratch) {
        if (!current.number(scratch)) {
            return Optional.empty();
        }
        ByteSize now = ByteSize.bytes(scratch.words.count());
        Optional<ByteSize> most = peak.size(scratch);
        Limit<ByteSize> own = limit.sizeLimit(scratch);
        Keyed seen = events.keys(scratch);
        Optional<Long> kills = number(scratch, seen, "oom_kill");
        Optional<Long> reached = unified ? number(scratch, seen, "max") : hits.count(scratch);
        Optional<ByteSize> swapped = unified ? swap.size(scratch) : Optional.empty();
        Keyed parts = details.keys(scratch);
        if (!unified) {
            swapped = find(scratch, parts, "total_swap")
                    ? Optional.of(ByteSize.bytes(scratch.words.count()))
                    : Optional.empty();
        }
        return Optional.of(new MemoryStat(now, most, own, swapped, kills, reached, seen, parts));
    }

    private static Optional<Long> number(Scratch scratch, Keyed text, String key) {
        return find(scratch, text, key) ? Optional.of(scratch.words.count()) : Optional.empty();
    }

    /** Whether there is a number with a key in the text that was just read, if there was one; it is the value then. */
    private static boolean find(Scratch scratch, Keyed text, String key) {
        if (text.isEmpty()) {
            return false;
        }
        Words words = scratch.restart();
        while (words.nextLine()) {
            if (words.nextWord() && words.is(key)) {
                return words.nextWord() && words.isNumber();
            }
        }
        return false;
    }
}
