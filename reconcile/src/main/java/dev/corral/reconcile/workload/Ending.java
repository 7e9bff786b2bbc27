package dev.corral.reconcile.workload;

import dev.corral.reconcile.Deletion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The next step by which a container that runs is ended: its leases run out, then SIGTERM, then SIGKILL.
 *
 * @param action what to do now
 * @param wakeAt when to look again, if nothing happens before
 */
record Ending(Optional<PodAction> action, Optional<Instant> wakeAt) {
    /** Between SIGTERM and SIGKILL there is at least this time, unless the grace is 0. */
    static final Duration LEAST_NOTICE = Duration.ofSeconds(2);

    /** No signal before an instant. */
    private static Ending waiting(Instant until) {
        return new Ending(Optional.empty(), Optional.of(until));
    }

    /** When the whole pod goes. The mark has taken it out of rotation already. */
    static Ending withPod(String container, Observation.Live live, PodPass.View view, Deletion deletion) {
        Instant patience = deletion.at().plus(deletion.grace().dividedBy(4));
        if (!deletion.grace().isZero() && view.leased() && view.now().isBefore(patience)) {
            return waiting(patience);
        }
        return signal(
                container,
                deletion.grace(),
                live.signalled().map(at -> latest(deletion.deadline(), at.plus(LEAST_NOTICE))),
                view);
    }

    /**
     * When its definition has changed. It leaves the rotation first: as long as the stored status says that it is ready, new
     * leases may be taken.
     */
    static Ending alone(ContainerStatus stored, Observation.Live live, PodPass.View view) {
        Duration grace = view.spec().terminationGracePeriod();
        if (live.signalled().isEmpty()) {
            if (stored.ready()) {
                return waiting(view.now());
            }
            Optional<Instant> patience = view.unreadySince().map(since -> since.plus(grace.dividedBy(4)));
            if (view.leased() && patience.filter(view.now()::isBefore).isPresent()) {
                return waiting(patience.get());
            }
        }
        return signal(
                stored.name(), grace, live.signalled().map(at -> latest(at.plus(grace), at.plus(LEAST_NOTICE))), view);
    }

    /** @param deadline when it is killed; empty before it was asked to end */
    private static Ending signal(String container, Duration grace, Optional<Instant> deadline, PodPass.View view) {
        if (grace.isZero() || deadline.filter(end -> !view.now().isBefore(end)).isPresent()) {
            return new Ending(Optional.of(new PodAction.Kill(container)), deadline);
        }
        return deadline.isEmpty()
                ? new Ending(Optional.of(new PodAction.Terminate(container)), Optional.empty())
                : new Ending(Optional.empty(), deadline);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
