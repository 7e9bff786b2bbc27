package dev.corral.reconcile.node;

import dev.corral.Cause;
import dev.corral.Child;
import dev.corral.Exit;
import dev.corral.Signal;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.CgroupException;
import dev.corral.cgroups.LimitCause.OutOfMemory;
import dev.corral.cgroups.StatMask;
import dev.corral.reconcile.workload.ContainerRuntime.Ended;
import dev.corral.reconcile.workload.ContainerState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How containers ended, as their statuses tell it. */
final class HowEnded {
    private static final Logger LOG = LoggerFactory.getLogger(HowEnded.class);

    private HowEnded() {}

    static Ended of(Exit exit) {
        Optional<OutOfMemory> memory = exit.cause(OutOfMemory.class);
        String reason = memory.isPresent()
                ? ContainerState.OOM_KILLED
                : exit.ok() ? ContainerState.COMPLETED : ContainerState.ERROR;
        String message = memory.map(cause -> describe(cause, exit)).orElseGet(exit::toString);
        return new Ended(exit.shellCode(), exit.terminatedBy(), reason, message);
    }

    /** Of a child whose processes are gone. */
    static Ended of(Child child) {
        try {
            return child.exit().map(HowEnded::of).orElseGet(() -> unread(null));
        } catch (IllegalStateException unreadable) {
            return unread(unreadable);
        }
    }

    /**
     * Of one whose end could not be read.
     *
     * @param failed why; null if nobody knows
     */
    static Ended unread(@Nullable Throwable failed) {
        return unknown("its end could not be read: " + failed);
    }

    /**
     * Of one whose JVM was not there then.
     *
     * @param exit what its init has written down; empty if it has not
     * @param group that of this run alone, whose counters began with it; empty if there is none
     */
    static Ended recorded(Optional<Exit> exit, Optional<Cgroup> group) {
        return exit.map(known -> known.cause(Cause.NeverExecuted.class).isPresent()
                        ? notStarted(known)
                        : HowEnded.of(withMemory(known, group)))
                .orElseGet(() -> unknown("nobody saw how it ended: its init was killed, or the machine was booted"));
    }

    /** It was found while it still was Corral's, and ended before it became its program. */
    private static Ended notStarted(Exit exit) {
        return new Ended(ContainerRun.CANNOT_EXECUTE, Optional.empty(), ContainerState.START_ERROR, exit.toString());
    }

    private static Exit withMemory(Exit exit, Optional<Cgroup> group) {
        if (!exit.terminatedBy().equals(Optional.of(Signal.KILL))) {
            return exit;
        }
        try {
            return group.flatMap(own -> own.usage(StatMask.MEMORY).memory())
                    .filter(memory -> memory.oomKills().orElse(0L) > 0)
                    .map(memory -> new OutOfMemory(memory.limit().value(), memory.peak(), Optional.empty()))
                    .map(cause -> exit.with(exit.details().cause(cause)))
                    .orElse(exit);
        } catch (CgroupException unreadable) {
            LOG.warn("whether a container ran out of memory is not known", unreadable);
            return exit;
        }
    }

    private static Ended unknown(String message) {
        return new Ended(ContainerState.UNSEEN_CODE, Optional.empty(), ContainerState.UNKNOWN, message);
    }

    private static String describe(OutOfMemory cause, Exit exit) {
        return cause.describe()
                + cause.peak()
                        .or(() -> exit.details().peakMemory())
                        .map(peak -> ", peak " + peak)
                        .orElse("");
    }
}
