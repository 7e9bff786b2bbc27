package dev.corral.cgroups;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the groups below one of version 1 had counted at one moment: the count of a kill stays in the victim's group there. A
 * group that is removed takes its count with it.
 */
final class KillsBelow {
    private record Counted(long kills, long hits) {}

    private final GroupDirectory group;
    private final Map<GroupDirectory, Counted> before = new HashMap<>();

    KillsBelow(GroupDirectory group) {
        this.group = group;
        below(group)
                .forEach(directory -> before.put(
                        directory,
                        new Counted(kills(directory), MemoryCounters.count(directory, MemoryCounters::hits))));
    }

    /**
     * The group with a victim since, and those above it up to the one that this is about, the lowest first; empty if there was
     * no kill.
     */
    Optional<List<MemoryLevels.Level>> since() {
        return below(group)
                .filter(directory -> kills(directory) > counted(directory).kills())
                .findFirst()
                .map(victim -> victim.upwards().stream()
                        .takeWhile(level -> !level.equals(group))
                        .map(level -> new MemoryLevels.Level(
                                counters(level), counted(level).hits()))
                        .toList());
    }

    private Counted counted(GroupDirectory directory) {
        return before.getOrDefault(directory, new Counted(0, 0));
    }

    private static long kills(GroupDirectory directory) {
        return MemoryCounters.count(directory, MemoryCounters::killsHere);
    }

    private static MemoryCounters counters(GroupDirectory directory) {
        return new MemoryCounters(directory);
    }

    private static Stream<GroupDirectory> below(GroupDirectory group) {
        return group.tree().stream().skip(1);
    }
}
