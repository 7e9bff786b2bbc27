package dev.corral.cgroups;

import dev.corral.ByteSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How often the limits of a group and of those above it had been in the way at one moment, so that later the one that was in
 * the way since can be told.
 *
 * @param levels the lowest first
 */
record MemoryLevels(List<Level> levels) {
    /** One of them, which may be the victim's and vanish with it. */
    record Level(MemoryCounters counters, long hits) {
        boolean rose() {
            return is(now -> now.hitsExceed(hits));
        }

        private boolean wasFull() {
            return is(MemoryCounters::wasFull);
        }

        private boolean is(Predicate<MemoryCounters> state) {
            return counters.group()
                    .ifThere(there -> Optional.of(state.test(counters)))
                    .orElse(false);
        }

        private Optional<Owner> owner() {
            return counters.group()
                    .ifThere(there -> counters.limit())
                    .flatMap(Limit::value)
                    .map(limit -> new Owner(limit, counters.group().path()));
        }
    }

    /** A limit and whose it is. */
    record Owner(ByteSize limit, Path path) {}

    static MemoryLevels of(GroupDirectory group) {
        List<Level> levels = new ArrayList<>();
        for (GroupDirectory level : group.upwards()) {
            MemoryCounters counters = new MemoryCounters(level);
            counters.hits().ifPresent(hits -> levels.add(new Level(counters, hits)));
        }
        return new MemoryLevels(List.copyOf(levels));
    }

    /** With those of groups further down in front. */
    MemoryLevels below(List<Level> lower) {
        return new MemoryLevels(Stream.concat(lower.stream(), levels.stream()).toList());
    }

    /**
     * The lowest group whose limit was in the way since; empty if none that can be seen was, so that it was a group above those
     * or the whole machine. Kernels that count no failure show at least that the group itself was full.
     */
    Optional<Owner> owner() {
        return owner(Level::rose);
    }

    /** The same for who did not look before: the lowest group that is or was full. */
    Optional<Owner> ofTheFull() {
        return levels.stream().filter(Level::wasFull).findFirst().flatMap(Level::owner);
    }

    /** The same for who knows which limits were. */
    Optional<Owner> owner(Predicate<Level> wasInTheWay) {
        return levels.stream()
                .filter(wasInTheWay)
                .findFirst()
                .or(() -> levels.stream().limit(1).filter(Level::wasFull).findFirst())
                .flatMap(Level::owner);
    }
}
