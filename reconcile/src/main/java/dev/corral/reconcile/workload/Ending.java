package dev.corral.reconcile.workload;

import dev.corral.reconcile.Deletion;
import dev.corral.reconcile.workload.Observation.Live;
import dev.corral.reconcile.workload.Observation.Stopping;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The next step by which a container that runs is ended: its leases run out, then what is done before its end, then SIGTERM,
 * then SIGKILL.
 *
 * @param action what to do now
 * @param wakeAt when to look again, if nothing happens before
 */
record Ending(Optional<PodAction> action, Optional<Instant> wakeAt) {
    /** Between SIGTERM and SIGKILL there is at least this time, unless the grace is 0. */
    static final Duration LEAST_NOTICE = Duration.ofSeconds(2);

    private static Ending act(PodAction action) {
        return new Ending(Optional.of(action), Optional.empty());
    }

    /** Nothing is done before an instant. */
    private static Ending waiting(Instant until) {
        return new Ending(Optional.empty(), Optional.of(until));
    }

    /**
     * When the whole pod goes. The mark has taken it out of rotation already.
     *
     * @param turn whether those that have to end before it have ended; its hook does not wait for that
     */
    static Ending withPod(String container, Live live, boolean turn, PodPass.View view, Deletion deletion) {
        Instant patience = deletion.at().plus(deletion.grace().dividedBy(4));
        boolean untouched = live.stopping().isEmpty();
        if (untouched
                && !deletion.grace().isZero()
                && view.leased()
                && view.now().isBefore(patience)) {
            return waiting(patience);
        }
        Instant deadline = live.stopping()
                .map(stopping -> deadline(stopping, live, view))
                .filter(deletion.deadline()::isAfter)
                .orElse(deletion.deadline());
        return step(container, live, EndCause.POD, deletion.grace(), deadline, turn, view.now());
    }

    /**
     * When it is ended although its pod stays. It leaves the rotation first: as long as the stored status says that it is
     * ready, new leases may be taken.
     *
     * @param turn whether those that have to end before it have ended
     */
    static Ending alone(ContainerStatus stored, Live live, EndCause cause, boolean turn, PodPass.View view) {
        if (live.stopping().isEmpty()) {
            if (stored.ready()) {
                return waiting(view.now());
            }
            Duration grace = view.spec().terminationGracePeriod();
            Optional<Instant> patience = view.unreadySince().map(since -> since.plus(grace.dividedBy(4)));
            if (view.leased() && patience.filter(view.now()::isBefore).isPresent()) {
                return waiting(patience.get());
            }
            if (!turn && cause != EndCause.POD) {
                return new Ending(Optional.empty(), Optional.empty());
            }
        }
        Duration grace = cause.grace(live.definition(), view.spec().terminationGracePeriod());
        Instant deadline = live.stopping()
                .map(stopping -> deadline(stopping, live, view))
                .orElseGet(() -> view.now().plus(grace));
        return step(stored.name(), live, cause, grace, deadline, turn, view.now());
    }

    /** When the time of an end that has begun is over. */
    private static Instant deadline(Stopping stopping, Live live, PodPass.View view) {
        return stopping.since()
                .plus(stopping.cause().grace(live.definition(), view.spec().terminationGracePeriod()));
    }

    private static Ending step(
            String container, Live live, EndCause cause, Duration grace, Instant deadline, boolean turn, Instant now) {
        if (grace.isZero()) {
            return act(new PodAction.Kill(container, cause));
        }
        boolean late = !now.isBefore(deadline);
        if (live.stopping().isEmpty()) {
            boolean hook =
                    live.definition().lifecycle().flatMap(Lifecycle::preStop).isPresent();
            if (hook && !late) {
                return act(new PodAction.PreStop(container, cause));
            }
            return turn || late ? act(new PodAction.Terminate(container, cause)) : waiting(deadline);
        }
        Stopping stopping = live.stopping().get();
        if (stopping.signalled().isEmpty()) {
            boolean prepared = stopping.preStop() != HookState.RUNNING;
            return (turn && prepared) || late ? act(new PodAction.Terminate(container, cause)) : waiting(deadline);
        }
        Instant kill = latest(deadline, stopping.signalled().get().plus(LEAST_NOTICE));
        return now.isBefore(kill) ? waiting(kill) : act(new PodAction.Kill(container, cause));
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
