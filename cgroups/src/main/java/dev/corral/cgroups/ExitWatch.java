package dev.corral.cgroups;

import dev.corral.ByteSize;
import dev.corral.Cause;
import dev.corral.Exit;
import dev.corral.Signal;
import java.nio.file.Path;
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

    /** The code of a shell whose program died of SIGKILL. */
    private static final int KILLED = 137;

    private final Charged charged;
    private final int ownProcesses;
    private final IntSupplier groupKills;
    private final int groupKillsBefore;
    private final Optional<MemoryCounters> memory;
    private final boolean ownMemory;
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
    ExitWatch(Charged charged, int ownProcesses, IntSupplier kills) {
        this.groupKills = kills;
        this.groupKillsBefore = kills.getAsInt();
        this.charged = charged;
        this.ownProcesses = ownProcesses;
        Optional<GroupDirectory> own = charged.own("memory");
        this.ownMemory = own.isPresent();
        this.memory = charged.holder("memory").map(MemoryCounters::new);
        this.killsBefore = kills(memory, ownMemory);
        // of a group that all children share the limits are looked at only when one was killed: each launch would pay
        // for that
        this.memoryBefore = memory.filter(
                        counters -> ownMemory || counters.group().hierarchy().unified())
                .map(counters -> MemoryLevels.of(counters.group()));
        this.below = own.filter(group -> !group.hierarchy().unified()).map(KillsBelow::new);
        this.high = memory.filter(counters -> counters.group().hierarchy().unified())
                .flatMap(counters -> charged.unified())
                .map(HighWatch::new);
        this.pidsBefore = charged.holder("pids").map(PidsLevels::of);
        this.cpu = charged.own("cpu");
        this.cpuBefore = cpu.flatMap(CpuFiles::throttling);
    }

    /** Of a group that is not its own those of groups below, which version 2 adds, are none of the child's. */
    private static long kills(Optional<MemoryCounters> memory, boolean own) {
        return memory.flatMap(
                        counters -> own ? counters.kills() : counters.group().ifThere(there -> counters.killsHere()))
                .orElse(0L);
    }

    /** Adds the peak, and the causes that there are. */
    Exit explain(Exit how) {
        boolean byGroup = groupKills.getAsInt() > groupKillsBefore
                && how.terminatedBy().equals(Optional.of(Signal.KILL))
                && how.cause(Cause.Killed.class).isEmpty();
        Exit exit = byGroup ? how.with(how.details().cause(new Cause.Killed())) : how;
        Optional<ByteSize> peak = memory.filter(counters -> ownMemory).flatMap(MemoryCounters::peak);
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
        boolean itself = exit.terminatedBy().equals(Optional.of(Signal.KILL))
                && exit.cause(Cause.Killed.class).isEmpty();
        boolean saysSo = exit instanceof Exit.Exited exited && exited.code() == KILLED;
        if (ownMemory) {
            Optional<MemoryLevels> levels = kills(memory, true) > killsBefore
                    ? memoryBefore
                    : below.flatMap(KillsBelow::since).flatMap(lower -> memoryBefore.map(own -> own.below(lower)));
            return levels.map(found -> outOfMemory(itself, found.owner(), peak));
        }
        // in a group that is not its own it may have been anybody's process
        return memory.filter(counters -> itself || saysSo)
                .filter(counters -> charged.isStill(counters.group()))
                .filter(counters -> kills(memory, false) > killsBefore)
                .map(counters -> outOfMemory(
                        itself,
                        memoryBefore
                                .map(MemoryLevels::owner)
                                .orElseGet(
                                        () -> MemoryLevels.of(counters.group()).ofTheFull()),
                        counters.group().ifThere(there -> counters.peak())));
    }

    private static Cause outOfMemory(boolean itself, Optional<MemoryLevels.Owner> owner, Optional<ByteSize> peak) {
        Optional<ByteSize> limit = owner.map(MemoryLevels.Owner::limit);
        Optional<Path> path = owner.map(MemoryLevels.Owner::path);
        return itself
                ? new LimitCause.OutOfMemory(limit, peak, path)
                : new LimitCause.DescendantOutOfMemory(limit, peak, path);
    }

    private Optional<Cause> pidsLimit() {
        return pidsBefore
                .filter(levels ->
                        levels.rose() && levels.group().filter(charged::isStill).isPresent())
                .map(levels -> {
                    Optional<PidsLevels.Owner> owner = levels.owner();
                    return new LimitCause.PidsLimit(
                            owner.map(full -> full.limit() - (isOwn(full) ? ownProcesses : 0)),
                            owner.map(PidsLevels.Owner::path));
                });
    }

    private boolean isOwn(PidsLevels.Owner owner) {
        return charged.directories().stream()
                .anyMatch(directory -> directory.path().equals(owner.path()));
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
}
