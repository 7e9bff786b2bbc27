package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.Deletion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be done with a pod now, and what is to be said of it: a pure function of what is wanted and what was observed.
 *
 * @param status the pod's new status
 * @param actions what to do, in any order
 * @param wakeAt when to look again, if nothing happens before
 * @param finished whether the pod goes and nothing of it is left
 */
public record PodPass(PodStatus status, List<PodAction> actions, Optional<Instant> wakeAt, boolean finished) {
    public PodPass {
        actions = List.copyOf(actions);
    }

    /**
     * A pod as its agent sees it.
     *
     * @param generation of the spec
     * @param deletion the pod's mark, once it shall go
     * @param runs what is known of each container's newest run; one that was never started is missing
     * @param status as it is stored, for everybody to see
     * @param leased whether somebody still uses it as an endpoint
     */
    public record View(
            PodSpec spec,
            PodStatus status,
            long generation,
            Optional<Deletion> deletion,
            Map<String, Observation> runs,
            boolean leased,
            Instant now) {
        private Condition condition(String type, boolean holds, String reason, String message) {
            return new Condition(type, Condition.Status.of(holds), reason, message, generation, now);
        }

        private Optional<Observation> run(String container) {
            return Optional.ofNullable(runs.get(container));
        }

        /** Since when the stored status says that it can't take traffic. */
        Optional<Instant> unreadySince() {
            return status.conditions()
                    .get(PodStatus.READY)
                    .filter(ready -> !ready.holds())
                    .map(Condition::lastTransition);
        }

        private ContainerStatus status(Container container) {
            return status.container(container.name()).orElseGet(() -> ContainerStatus.created(container.name()));
        }
    }

    /** The next pass over a pod. */
    public static PodPass of(View view) {
        if (view.deletion().isPresent()) {
            return goingAway(view, view.deletion().get());
        }
        return view.status().phase().terminal()
                ? new PodPass(view.status(), List.of(), Optional.empty(), false)
                : keepingUp(view);
    }

    private static PodPass keepingUp(View view) {
        List<ContainerStatus> statuses = new ArrayList<>();
        List<PodAction> actions = new ArrayList<>();
        Optional<Instant> wakeAt = Optional.empty();
        for (Container container : view.spec().containers()) {
            ContainerPass pass =
                    ContainerPass.keepingUp(container, view.status(container), view.run(container.name()), view);
            statuses.add(pass.status());
            pass.action().ifPresent(actions::add);
            wakeAt = earliest(wakeAt, pass.wakeAt());
        }
        return new PodPass(status(view, statuses), actions, wakeAt, false);
    }

    private static PodPass goingAway(View view, Deletion deletion) {
        List<ContainerStatus> statuses = new ArrayList<>();
        for (Container container : view.spec().containers()) {
            statuses.add(ContainerPass.goingAway(view.status(container), view.run(container.name()))
                    .status());
        }
        List<PodAction> actions = new ArrayList<>();
        Optional<Instant> wakeAt = Optional.empty();
        for (Map.Entry<String, Observation> run : view.runs().entrySet()) {
            if (run.getValue() instanceof Observation.Live live) {
                Ending ending = Ending.withPod(run.getKey(), live, view, deletion);
                ending.action().ifPresent(actions::add);
                wakeAt = earliest(wakeAt, ending.wakeAt());
            }
        }
        boolean finished = true;
        for (Observation run : view.runs().values()) {
            finished &= run instanceof Observation.Gone;
        }
        PodStatus status = status(view, statuses);
        return new PodPass(finished ? status.ended() : status, actions, wakeAt, finished);
    }

    private static PodStatus status(View view, List<ContainerStatus> containers) {
        PodPhase phase = phase(view, containers);
        List<String> unready = new ArrayList<>();
        Set<String> dropped = new LinkedHashSet<>();
        for (ContainerStatus status : containers) {
            if (!status.ready()) {
                unready.add(status.name());
            }
        }
        for (Observation run : view.runs().values()) {
            if (run instanceof Observation.Live live) {
                dropped.addAll(live.dropped());
            }
        }
        String reason = phase.terminal() ? "PodCompleted" : unready.isEmpty() ? "" : "ContainersNotReady";
        String message = unready.isEmpty() ? "" : "not ready: " + String.join(", ", unready);
        Conditions conditions = view.status().conditions();
        if (view.spec().nodeName().isPresent()) {
            conditions = conditions.with(view.condition(PodStatus.POD_SCHEDULED, true, "", ""));
        }
        for (String type : List.of(PodStatus.CONTAINERS_READY, PodStatus.READY)) {
            conditions = conditions.with(view.condition(type, unready.isEmpty(), reason, message));
        }
        if (!dropped.isEmpty()) {
            String what = String.join("; ", dropped);
            conditions = conditions.with(view.condition(PodStatus.LIMITS_ENFORCED, false, "NotEnforced", what));
        }
        return new PodStatus(
                phase, conditions, containers, view.status().startTime().or(() -> Optional.of(view.now())));
    }

    private static PodPhase phase(View view, List<ContainerStatus> containers) {
        if (view.status().phase().terminal()) {
            return view.status().phase();
        }
        int ended = 0;
        int succeeded = 0;
        for (ContainerStatus status : containers) {
            if (neverStarted(status)) {
                return PodPhase.PENDING;
            }
            if (status.state() instanceof ContainerState.Terminated end) {
                ended++;
                succeeded += end.succeeded() ? 1 : 0;
            }
        }
        if (ended < containers.size()) {
            return PodPhase.RUNNING;
        }
        return succeeded == ended ? PodPhase.SUCCEEDED : PodPhase.FAILED;
    }

    private static boolean neverStarted(ContainerStatus status) {
        return status.state() instanceof ContainerState.Waiting
                && status.lastState().isEmpty();
    }

    private static Optional<Instant> earliest(Optional<Instant> one, Optional<Instant> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return other.get().isBefore(one.get()) ? other : one;
    }
}
