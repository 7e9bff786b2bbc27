package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.Exit;
import dev.corral.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells from counters, read before the start and after the end, whether memory was the cause of an end. Nothing has to be
 * watched in between, so nothing can be missed.
 *
 * @param group the child's own
 * @param killsBefore its OOM kills before the start
 * @param levels the group and those above it, the lowest first, with how often each limit had been in the way
 */
record OomWatch(MemoryController group, long killsBefore, List<Level> levels) {
    record Level(MemoryController group, long hitsBefore) {
        /** Version 2 counts a hit in the groups above too, so the lowest group with a rise is the one whose limit it was. */
        boolean rose() {
            return group.limitHits().filter(hits -> hits > hitsBefore).isPresent();
        }
    }

    static OomWatch begin(GroupDirectory directory) {
        MemoryController group = MemoryController.of(directory);
        List<Level> levels = new ArrayList<>();
        for (GroupDirectory level : directory.upwards()) {
            MemoryController memory = MemoryController.of(level);
            memory.limitHits().ifPresent(hits -> levels.add(new Level(memory, hits)));
        }
        return new OomWatch(group, group.oomKills().orElse(0L), List.copyOf(levels));
    }

    /** Adds the peak, and the cause if there is one. */
    Exit explain(Exit exit) {
        Optional<ByteSize> peak = group.peak();
        Exit.Details details = peak.map(exit.details()::peakMemory).orElse(exit.details());
        boolean killed = exit.terminatedBy().equals(Optional.of(Signal.KILL));
        boolean rose = group.oomKills().filter(kills -> kills > killsBefore).isPresent();
        return exit.with(killed && rose ? details.cause(cause(peak)) : details);
    }

    private LimitCause.OutOfMemory cause(Optional<ByteSize> peak) {
        Optional<MemoryController> owner =
                levels.stream().filter(Level::rose).map(Level::group).findFirst();
        Optional<ByteSize> limit = owner.flatMap(MemoryController::limit).flatMap(Limit::value);
        Optional<Path> path = owner.map(level -> level.path());
        return new LimitCause.OutOfMemory(limit, peak, limit.isPresent() ? path : Optional.empty());
    }
}
