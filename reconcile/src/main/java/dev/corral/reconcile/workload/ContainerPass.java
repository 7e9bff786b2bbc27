package dev.corral.reconcile.workload;

import dev.corral.reconcile.workload.ContainerState.Terminated;
import dev.corral.reconcile.workload.ContainerState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be done with one container now, and what is to be said of it.
 *
 * @param wakeAt when to look again, if nothing happens before
 */
record ContainerPass(ContainerStatus status, Optional<PodAction> action, Optional<Instant> wakeAt) {
    static ContainerPass idle(ContainerStatus status) {
        return new ContainerPass(status, Optional.empty(), Optional.empty());
    }

    /** While the pod shall run, and it is its turn. */
    static ContainerPass keepingUp(
            Container container,
            ContainerStatus old,
            Optional<Observation> observed,
            RestartPolicy policy,
            PodPass.View view) {
        if (observed.isEmpty()) {
            return old.terminated()
                    ? idle(old)
                    : started(old.notRunning(new Waiting(ContainerState.CONTAINER_CREATING, ""), old.lastState()));
        }
        Observation run = observed.get();
        if (run instanceof Observation.Live live) {
            Optional<EndCause> cause = ending(live, container);
            return cause.isPresent()
                    ? ended(old, live, cause.get(), true, view)
                    : idle(old.running(live, live.ready()));
        }
        if (run instanceof Observation.Gone gone) {
            return Restart.of(old, gone, container, policy, view.now())
                    .map(restart -> again(old, gone.end(), restart, view.now()))
                    .orElseGet(() -> idle(old.notRunning(gone.end(), old.lastState())));
        }
        return idle(old.notRunning(old.state(), old.lastState()));
    }

    private static Optional<EndCause> ending(Observation.Live live, Container container) {
        Optional<EndCause> begun = live.stopping().map(Observation.Stopping::cause);
        Optional<EndCause> changed =
                live.definition().equals(container) ? Optional.empty() : Optional.of(EndCause.CHANGED);
        return begun.or(() -> changed).or(live::broken);
    }

    /** While the pod goes: nothing is started any more, what runs stays as ready as it is. */
    static ContainerStatus goingAway(ContainerStatus old, Optional<Observation> observed) {
        if (observed.isPresent() && observed.get() instanceof Observation.Live live) {
            return old.running(live, live.ready());
        }
        return observed.isPresent() && observed.get() instanceof Observation.Gone gone
                ? old.notRunning(gone.end(), old.lastState())
                : old.notRunning(old.state(), old.lastState());
    }

    /**
     * What runs shall not run on. It is not ready from now on.
     *
     * @param turn whether those that have to end before it have ended
     */
    static ContainerPass ended(
            ContainerStatus old, Observation.Live live, EndCause cause, boolean turn, PodPass.View view) {
        Ending ending = Ending.alone(old, live, cause, turn, view);
        return new ContainerPass(old.running(live, false), ending.action(), ending.wakeAt());
    }

    private static ContainerPass again(ContainerStatus old, Terminated end, Restart restart, Instant now) {
        return restart.isDue(now)
                ? started(old.again(Optional.of(end), restart.next()))
                : waiting(old, end, restart.due());
    }

    /** It waits until it may start again. */
    static ContainerPass waiting(ContainerStatus old, Terminated end, Instant due) {
        Duration delay = Duration.between(end.finishedAt(), due);
        Waiting waiting = new Waiting(
                ContainerState.CRASH_LOOP_BACK_OFF,
                "restart " + (old.restartCount() + 1) + " waits " + delay.toSeconds() + " s from the last end");
        return new ContainerPass(old.notRunning(waiting, Optional.of(end)), Optional.empty(), Optional.of(due));
    }

    private static ContainerPass started(ContainerStatus status) {
        PodAction start = new PodAction.Start(status.name(), status.restartCount());
        return new ContainerPass(status, Optional.of(start), Optional.empty());
    }
}
