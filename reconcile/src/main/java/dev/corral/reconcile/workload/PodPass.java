package dev.corral.reconcile.workload;

import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Deletion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
     * @param lost whether whatever the status says of runs is of others than these: their agent, and they with it, have ended
     * @param status as it is stored, for everybody to see
     * @param leased whether somebody still uses it as an endpoint
     */
    public record View(
            PodSpec spec,
            PodStatus status,
            long generation,
            Optional<Deletion> deletion,
            Map<String, Observation> runs,
            boolean lost,
            boolean leased,
            Instant now) {
        Condition condition(String type, boolean holds, String reason, String message) {
            return new Condition(type, Condition.Status.of(holds), reason, message, generation, now);
        }

        Optional<Observation> run(String container) {
            return Optional.ofNullable(runs.get(container));
        }

        /** Whether something of a container is still there. */
        boolean alive(Container container) {
            return run(container.name()).filter(Observation::alive).isPresent();
        }

        /** Whether something of the pod is still there. */
        boolean anyAlive() {
            for (Observation run : runs.values()) {
                if (run.alive()) {
                    return true;
                }
            }
            return false;
        }

        /** All containers in the order of their start: init containers first. */
        List<Container> containers() {
            if (spec.initContainers().isEmpty()) {
                return spec.containers();
            }
            return Stream.concat(spec.initContainers().stream(), spec.containers().stream())
                    .toList();
        }

        boolean isMain(Container container) {
            return spec.containers().contains(container);
        }

        /**
         * Whether it may be asked to end. A sidecar waits until nothing is left of what was started after it; whatever else
         * there is waits for nothing.
         */
        boolean turn(Container container) {
            List<Container> all = containers();
            boolean waits = !isMain(container) && container.restartsAlways();
            return !waits
                    || all.subList(all.indexOf(container) + 1, all.size()).stream()
                            .noneMatch(this::alive);
        }

        /** Since when the stored status says that it can't take traffic. */
        Optional<Instant> unreadySince() {
            return status.conditions()
                    .get(PodStatus.READY)
                    .filter(ready -> !ready.holds())
                    .map(Condition::lastTransition);
        }

        ContainerStatus status(Container container) {
            return status.container(container.name()).orElseGet(() -> ContainerStatus.created(container.name()));
        }
    }

    /** The next pass over a pod. */
    public static PodPass of(View view) {
        PodRound round = new PodRound(view);
        if (view.deletion().isPresent()) {
            round.goAway(view.deletion().get());
            boolean finished = !view.anyAlive();
            PodPass pass = round.pass();
            return finished ? new PodPass(pass.status().ended(), List.of(), Optional.empty(), true) : pass;
        }
        if (view.status().phase().terminal()) {
            return new PodPass(view.status(), List.of(), Optional.empty(), false);
        }
        round.keepUp();
        return round.pass();
    }
}
