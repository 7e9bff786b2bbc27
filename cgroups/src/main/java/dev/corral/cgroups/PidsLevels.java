package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many forks had been refused in a group and those above it at one moment, so that later it can be told whether another one
 * was, and by whose limit.
 *
 * @param levels the lowest first
 */
record PidsLevels(List<Level> levels) {
    private static final String MAX = "pids.max";

    /**
     * One group.
     *
     * @param refusals what its file of events said
     * @param own what it said of its own limit alone; empty before Linux 6.11 and on version 1
     */
    record Level(GroupDirectory group, long refusals, Optional<Long> own) {
        boolean rose() {
            return PidsLevels.refusals(group).filter(now -> now > refusals).isPresent();
        }

        boolean roseByOwnLimit() {
            return own.isPresent()
                    && PidsLevels.byOwnLimit(group)
                            .filter(now -> now > own.get())
                            .isPresent();
        }

        Optional<Long> limit() {
            return group.text(MAX).flatMap(KernelNumber::count).flatMap(Limit::value);
        }

        /** Whether as many processes as it allows are, or were, in it at once. */
        boolean wasFull() {
            long most = group.number("pids.peak")
                    .or(() -> group.number("pids.current"))
                    .orElse(0L);
            return limit().filter(limit -> most >= limit).isPresent();
        }
    }

    /** A limit and whose it is. */
    record Owner(long limit, Path path) {}

    static PidsLevels of(GroupDirectory group) {
        List<Level> levels = new ArrayList<>();
        for (GroupDirectory level : group.upwards()) {
            refusals(level).ifPresent(count -> levels.add(new Level(level, count, byOwnLimit(level))));
        }
        return new PidsLevels(List.copyOf(levels));
    }

    /** The lowest of them; empty if none counts. */
    Optional<GroupDirectory> group() {
        return levels.stream().findFirst().map(Level::group);
    }

    /**
     * Whether a fork was refused since, in the group or by a limit that it shares. What a group above counts tells only from Linux 6.11
     * on, where it keeps apart what its own limit was the reason for: all else there may be another group's refusal by another limit.
     */
    boolean rose() {
        return levels.stream().limit(1).anyMatch(Level::rose)
                || levels.stream().skip(1).anyMatch(Level::roseByOwnLimit);
    }

    /**
     * The same, or one in a group above by a limit that holds here as well. Older kernels count a refusal where the process is that wanted
     * to fork.
     */
    boolean roseAround() {
        return rose()
                || levels.stream()
                        .skip(1)
                        .filter(level -> level.own().isEmpty())
                        .anyMatch(Level::rose);
    }

    /**
     * The group whose limit it was: the lowest that says so, or else the lowest that is or was full. Empty if no group that can
     * be seen is.
     */
    Optional<Owner> owner() {
        return levels.stream()
                .filter(Level::roseByOwnLimit)
                .findFirst()
                .or(() -> levels.stream().filter(Level::wasFull).findFirst())
                .flatMap(level -> level.limit()
                        .map(limit -> new Owner(limit, level.group().path())));
    }

    private static Optional<Long> refusals(GroupDirectory group) {
        return group.keyed("pids.events").get("max");
    }

    private static Optional<Long> byOwnLimit(GroupDirectory group) {
        return group.keyed("pids.events.local").get("max");
    }
}
