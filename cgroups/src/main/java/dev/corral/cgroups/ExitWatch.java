package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.Cause;
import dev.corral.Exit;
import dev.corral.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Tells from counters, read before the start and after the end, which limits had a part in an end. Nothing has to be watched
 * in between, so nothing can be missed.
 */
final class ExitWatch {
    /** Below this part of its periods, or with less time lost, a CPU limit did not slow a child down enough to be named. */
    private static final double NOTABLE = 0.1;

    private static final Duration NOTABLE_TIME = Duration.ofMillis(100);

    private final List<GroupDirectory> directories;
    private final int ownProcesses;
    private final IntSupplier groupKills;
    private final int groupKillsBefore;
    private final Optional<MemoryCounters> memory;
    private final long killsBefore;
    private final Optional<MemoryLevels> memoryBefore;
    private final Optional<KillsBelow> below;
    private final Optional<HighWatch> high;
    private final Optional<PidsLevels> pidsBefore;
    private final Optional<GroupDirectory> cpu;
    private final Optional<CpuStat.Throttling> cpuBefore;

    /**
     * Reads the counters before the start.
     *
     * @param ownProcesses how many of Corral's own may be there besides the payload
     * @param kills how often the group was killed through its handle so far
     */
    ExitWatch(List<GroupDirectory> directories, int ownProcesses, IntSupplier kills) {
        this.groupKills = kills;
        this.groupKillsBefore = kills.getAsInt();
        this.directories = directories;
        this.ownProcesses = ownProcesses;
        this.memory = holder("memory").map(MemoryCounters::new);
        this.killsBefore = memory.flatMap(MemoryCounters::kills).orElse(0L);
        this.memoryBefore = memory.map(counters -> MemoryLevels.of(counters.group()));
        this.below =
                holder("memory").filter(group -> !group.hierarchy().unified()).map(KillsBelow::new);
        this.high =
                holder("memory").filter(group -> group.hierarchy().unified()).map(HighWatch::new);
        this.pidsBefore = holder("pids").map(PidsLevels::of);
        this.cpu = holder("cpu");
        this.cpuBefore = cpu.flatMap(CpuFiles::throttling);
    }

    /** Adds the peak, and the causes that there are. */
    Exit explain(Exit how) {
        boolean byGroup = groupKills.getAsInt() > groupKillsBefore
                && how.terminatedBy().equals(Optional.of(Signal.KILL))
                && how.cause(Cause.Killed.class).isEmpty();
        Exit exit = byGroup ? how.with(how.details().cause(new Cause.Killed())) : how;
        Optional<ByteSize> peak = memory.flatMap(MemoryCounters::peak);
        Exit.Details details = peak.map(exit.details()::peakMemory).orElse(exit.details());
        List<Cause> causes = new ArrayList<>();
        outOfMemory(exit, peak).ifPresent(causes::add);
        if (!exit.ok()) {
            pidsLimit().ifPresent(causes::add);
            if (exit.cause(Cause.Killed.class).isEmpty()
                    || exit.cause(Cause.TimedOut.class).isPresent()) {
                throttled().ifPresent(causes::add);
                memoryThrottled(exit.details().duration()).ifPresent(causes::add);
            }
        }
        for (Cause cause : causes) {
            details = details.cause(cause);
        }
        return exit.with(details);
    }

    private Optional<Cause> outOfMemory(Exit exit, Optional<ByteSize> peak) {
        Optional<MemoryLevels> levels = memory.flatMap(MemoryCounters::kills).orElse(0L) > killsBefore
                ? memoryBefore
                : below.flatMap(KillsBelow::since).flatMap(lower -> memoryBefore.map(own -> own.below(lower)));
        if (levels.isEmpty()) {
            return Optional.empty();
        }
        Optional<MemoryLevels.Owner> owner = levels.get().owner();
        Optional<ByteSize> limit = owner.map(MemoryLevels.Owner::limit);
        boolean itself = exit.terminatedBy().equals(Optional.of(Signal.KILL))
                && exit.cause(Cause.Killed.class).isEmpty();
        return Optional.of(
                itself
                        ? new LimitCause.OutOfMemory(limit, peak, owner.map(MemoryLevels.Owner::path))
                        : new LimitCause.DescendantOutOfMemory(limit, peak, owner.map(MemoryLevels.Owner::path)));
    }

    private Optional<Cause> pidsLimit() {
        return pidsBefore.filter(PidsLevels::rose).map(levels -> {
            Optional<PidsLevels.Owner> owner = levels.owner();
            return new LimitCause.PidsLimit(
                    owner.map(full -> full.limit() - (isOwn(full) ? ownProcesses : 0)),
                    owner.map(PidsLevels.Owner::path));
        });
    }

    private boolean isOwn(PidsLevels.Owner owner) {
        return directories.stream().anyMatch(directory -> directory.path().equals(owner.path()));
    }

    private Optional<Cause> throttled() {
        return cpu.flatMap(CpuFiles::throttling).flatMap(after -> {
            CpuStat.Throttling before = cpuBefore.orElse(new CpuStat.Throttling(0, 0, Duration.ZERO));
            long periods = after.periods() - before.periods();
            double share = periods > 0 ? (double) (after.throttled() - before.throttled()) / periods : 0;
            Duration lost = after.time().minus(before.time());
            return share >= NOTABLE && lost.compareTo(NOTABLE_TIME) >= 0
                    ? Optional.of(new LimitCause.CpuThrottled(lost, share))
                    : Optional.empty();
        });
    }

    private Optional<LimitCause.MemoryThrottled> memoryThrottled(Duration ran) {
        return high.flatMap(HighWatch::since)
                .filter(cause -> cause.time().compareTo(NOTABLE_TIME) >= 0
                        && cause.time().toNanos() >= NOTABLE * ran.toNanos());
    }

    private Optional<GroupDirectory> holder(String controller) {
        return directories.stream()
                .filter(directory -> directory.has(controller))
                .findFirst();
    }
}
