package dev.corral.reconcile.workload;

import dev.corral.reconcile.workload.ContainerState.Running;
import dev.corral.reconcile.workload.ContainerState.Terminated;
import dev.corral.reconcile.workload.ContainerState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be done with one container now, and what is to be said of it.
 *
 * @param wakeAt when to look again, if nothing happens before
 */
record ContainerPass(ContainerStatus status, Optional<PodAction> action, Optional<Instant> wakeAt) {
    private static ContainerPass idle(ContainerStatus status) {
        return new ContainerPass(status, Optional.empty(), Optional.empty());
    }

    /** While the pod shall run. */
    static ContainerPass keepingUp(
            Container container, ContainerStatus old, Optional<Observation> observed, PodPass.View view) {
        if (observed.isEmpty()) {
            return new ContainerPass(
                    old, Optional.of(new PodAction.Start(old.name(), old.restartCount())), Optional.empty());
        }
        Observation run = observed.get();
        if (run instanceof Observation.Live live) {
            return live.definition().equals(container) && live.signalled().isEmpty()
                    ? idle(running(old, live))
                    : replaced(old, live, view);
        }
        if (run instanceof Observation.Gone gone) {
            return gone.definition().equals(container)
                    ? afterEnd(old, gone.end(), view.spec().restartPolicy(), view.now())
                    : restarted(old, gone.end(), Optional.empty());
        }
        return idle(notRunning(old, old.state(), old.lastState()));
    }

    /** While the pod goes: nothing is started any more, what runs stays as ready as it is. */
    static ContainerPass goingAway(ContainerStatus old, Optional<Observation> observed) {
        if (observed.isPresent() && observed.get() instanceof Observation.Live live) {
            return idle(running(old, live));
        }
        if (observed.isPresent() && observed.get() instanceof Observation.Gone gone) {
            return idle(notRunning(old, gone.end(), old.lastState()));
        }
        return idle(notRunning(old, old.state(), old.lastState()));
    }

    /** What runs is no longer what is wanted. */
    private static ContainerPass replaced(ContainerStatus old, Observation.Live live, PodPass.View view) {
        Ending ending = Ending.alone(old, live, view);
        return new ContainerPass(running(old, live.ready(false)), ending.action(), ending.wakeAt());
    }

    private static ContainerPass afterEnd(ContainerStatus old, Terminated end, RestartPolicy policy, Instant now) {
        boolean again = policy == RestartPolicy.ALWAYS || (policy == RestartPolicy.ON_FAILURE && !end.succeeded());
        if (!again) {
            return idle(notRunning(old, end, old.lastState()));
        }
        Instant due =
                old.backOff().map(backOff -> backOff.due(end.finishedAt())).orElse(end.finishedAt());
        if (now.isBefore(due)) {
            Duration delay = Duration.between(end.finishedAt(), due);
            Waiting waiting = new Waiting(
                    ContainerState.CRASH_LOOP_BACK_OFF,
                    "restart " + (old.restartCount() + 1) + " waits " + delay.toSeconds() + " s from the last end");
            return new ContainerPass(notRunning(old, waiting, Optional.of(end)), Optional.empty(), Optional.of(due));
        }
        return restarted(
                old,
                end,
                Optional.of(old.backOff()
                        .map(backOff -> backOff.next(end.finishedAt(), now))
                        .orElseGet(() -> BackOff.first(now))));
    }

    private static ContainerPass restarted(ContainerStatus old, Terminated end, Optional<BackOff> backOff) {
        int attempt = old.restartCount() + 1;
        ContainerStatus status = new ContainerStatus(
                old.name(),
                new Waiting(ContainerState.CONTAINER_CREATING, ""),
                Optional.of(end),
                attempt,
                false,
                Map.of(),
                backOff);
        return new ContainerPass(status, Optional.of(new PodAction.Start(old.name(), attempt)), Optional.empty());
    }

    private static ContainerStatus running(ContainerStatus old, Observation.Live live) {
        return new ContainerStatus(
                old.name(),
                new Running(live.since()),
                old.lastState(),
                old.restartCount(),
                live.ready(),
                live.ports(),
                old.backOff());
    }

    private static ContainerStatus notRunning(ContainerStatus old, ContainerState state, Optional<Terminated> last) {
        return new ContainerStatus(old.name(), state, last, old.restartCount(), false, Map.of(), old.backOff());
    }
}
