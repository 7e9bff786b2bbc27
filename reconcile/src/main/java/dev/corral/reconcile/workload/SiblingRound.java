package dev.corral.reconcile.workload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of a pass in which containers are started again together with one that has ended. Those that run are ended first, in
 * the reverse order of their start; then, when the back-off of the one that has ended allows it, all of them begin anew.
 */
final class SiblingRound {
    private final PodPass.View view;
    private final PodRound round;
    private final Map<Container, Restart> ended = new HashMap<>();
    private boolean begun;

    SiblingRound(PodPass.View view, PodRound round) {
        this.view = view;
        this.round = round;
    }

    /** Whom this pass has dealt with, by name; normally nobody. */
    Set<String> restart() {
        SiblingRestarts manner = view.spec().beyond().siblingRestarts();
        if (manner == SiblingRestarts.ONE_FOR_ONE) {
            return Set.of();
        }
        List<Container> all = view.containers();
        all.stream()
                .filter(this::staysOn)
                .forEach(container -> round.restart(container)
                        .filter(Restart::failure)
                        .ifPresent(restart -> ended.put(container, restart)));
        if (ended.isEmpty()) {
            return Set.of();
        }
        int first = all.stream()
                .filter(ended::containsKey)
                .mapToInt(all::indexOf)
                .min()
                .orElse(0);
        List<Container> group = members(manner == SiblingRestarts.ONE_FOR_ALL ? all : all.subList(first, all.size()));
        if (ended.values().stream().anyMatch(round::refused)) {
            return names(group);
        }
        Instant due = ended.values().stream()
                .map(Restart::due)
                .max(Instant::compareTo)
                .orElse(view.now());
        end(group);
        if (group.stream().noneMatch(view::alive)) {
            if (view.now().isBefore(due)) {
                round.wake(Optional.of(due));
            } else {
                beginAnew(group, manner);
                return names(group);
            }
        }
        group.forEach(container -> waits(container, due));
        return names(group);
    }

    /** Whether they begin anew now. */
    boolean begun() {
        return begun;
    }

    /** Sidecars and main containers; an init container that has failed is retried alone. */
    private boolean staysOn(Container container) {
        return view.isMain(container) || container.restartsAlways();
    }

    /** But for those that have ended for good; of the init containers that have to succeed only one that runs. */
    private List<Container> members(List<Container> candidates) {
        return candidates.stream()
                .filter(container -> view.alive(container)
                        || (staysOn(container)
                                && (view.run(container.name()).isEmpty()
                                        ? !view.status(container).terminated()
                                        : round.restart(container).isPresent())))
                .toList();
    }

    private void end(List<Container> group) {
        for (int i = group.size() - 1; i >= 0; i--) {
            Container container = group.get(i);
            Optional<Observation> run = view.run(container.name());
            if (run.isPresent() && run.get() instanceof Observation.Live live) {
                boolean turn = group.subList(i + 1, group.size()).stream().noneMatch(view::alive);
                EndCause cause =
                        live.stopping().map(Observation.Stopping::cause).orElse(EndCause.SIBLING);
                ContainerPass pass = ContainerPass.ended(view.status(container), live, cause, turn, view);
                round.say(pass.status());
                round.wake(pass.wakeAt());
                pass.action().ifPresent(round::act);
            }
        }
    }

    private void waits(Container container, Instant due) {
        ContainerStatus old = view.status(container);
        gone(container)
                .ifPresent(gone -> round.say(
                        ended.containsKey(container)
                                ? ContainerPass.waiting(old, gone.end(), due).status()
                                : old.notRunning(
                                        new ContainerState.Waiting(
                                                ContainerState.CONTAINER_CREATING,
                                                "it is started again with another one"),
                                        Optional.of(gone.end()))));
    }

    private Optional<Observation.Gone> gone(Container container) {
        return view.run(container.name())
                .filter(Observation.Gone.class::isInstance)
                .map(Observation.Gone.class::cast);
    }

    private void beginAnew(List<Container> group, SiblingRestarts manner) {
        begun = true;
        List<Container> again = new ArrayList<>(group);
        if (manner == SiblingRestarts.ONE_FOR_ALL) {
            view.spec().initContainers().stream()
                    .filter(container -> !staysOn(container) && !group.contains(container))
                    .forEach(again::add);
        }
        for (Container container : again) {
            ContainerStatus old = view.status(container);
            Optional<ContainerState.Terminated> end = gone(container).map(Observation.Gone::end);
            if (old.hasRun() || end.isPresent()) {
                Restart own = ended.get(container);
                round.say(old.again(end, own == null ? old.backOff() : own.next()));
            }
            if (end.isPresent()) {
                round.act(new PodAction.Forget(container.name()));
            }
        }
        ended.values().forEach(restart -> round.count());
        if (again.stream().anyMatch(view.spec().initContainers()::contains)) {
            round.uninitialized();
        }
        round.wake(Optional.of(view.now()));
    }

    private static Set<String> names(List<Container> containers) {
        Set<String> names = new LinkedHashSet<>();
        containers.forEach(container -> names.add(container.name()));
        return names;
    }
}
