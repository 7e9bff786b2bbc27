package dev.corral.reconcile.node;

import dev.corral.Child;
import dev.corral.Exit;
import dev.corral.cgroups.LimitCause.OutOfMemory;
import dev.corral.reconcile.workload.ContainerRuntime.Ended;
import dev.corral.reconcile.workload.ContainerState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How containers ended, as their statuses tell it. */
final class HowEnded {
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
     */
    static Ended recorded(Optional<Exit> exit) {
        return exit.map(HowEnded::of)
                .orElseGet(
                        () -> unknown("nobody saw how it ended: its init was killed, or the machine was booted"));
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
