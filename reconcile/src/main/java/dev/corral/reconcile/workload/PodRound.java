package dev.corral.reconcile.workload;

import dev.corral.reconcile.Deletion;
import dev.corral.reconcile.workload.ContainerState.Running;
import dev.corral.reconcile.workload.ContainerState.Terminated;
import dev.corral.reconcile.workload.ContainerState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One pass over a pod while it is made. Used once. */
final class PodRound {
    private final PodPass.View view;
    private final Map<String, ContainerStatus> statuses = new LinkedHashMap<>();
    private final List<PodAction> actions = new ArrayList<>();
    private final List<Instant> restarted;
    private Optional<Instant> wakeAt = Optional.empty();
    private PodSummary.Course course;

    PodRound(PodPass.View view) {
        this.view = view;
        this.restarted = new ArrayList<>(view.status().restarted());
        this.course = PodSummary.Course.of(view);
        view.containers().forEach(container -> say(view.status(container)));
    }

    PodPass pass() {
        return new PodPass(PodSummary.of(view, statuses, course, restarted), actions, wakeAt, false);
    }

    /** While the pod goes. */
    void goAway(Deletion deletion) {
        for (Container container : view.containers()) {
            Optional<Observation> run = view.run(container.name());
            say(ContainerPass.goingAway(view.status(container), run));
            if (run.isPresent() && run.get() instanceof Observation.Live live) {
                Ending ending = Ending.withPod(container.name(), live, view.turn(container), view, deletion);
                ending.action().ifPresent(actions::add);
                wake(ending.wakeAt());
            }
        }
    }

    /** While the pod shall run. */
    void keepUp() {
        if (view.lost() && view.status().all().anyMatch(ContainerStatus::hasRun)) {
            beginAnew();
            return;
        }
        deadline();
        if (course.fails() || view.spec().initContainers().stream().anyMatch(this::failed)) {
            course = course.failed(course.reason(), course.message());
            endAll(EndCause.POD);
            return;
        }
        SiblingRound together = new SiblingRound(view, this);
        Set<String> siblings = together.restart();
        if (together.begun()) {
            return; // what is known of their runs is of those before
        }
        boolean initialized = initialize(siblings);
        course = course.initialized(initialized);
        for (Container container : view.spec().containers()) {
            if (!siblings.contains(container.name())) {
                main(container, initialized);
            }
        }
        if (course.fails()) {
            endAll(EndCause.POD);
        } else if (view.spec().containers().stream().allMatch(this::done)) {
            course = course.complete();
            endAll(EndCause.UNNEEDED);
        }
    }

    private void deadline() {
        Optional<Duration> limit = view.spec().activeDeadline();
        if (limit.isPresent() && !course.fails()) {
            Instant end = view.status().startTime().orElse(view.now()).plus(limit.get());
            if (view.now().isBefore(end)) {
                wake(Optional.of(end));
            } else {
                course = course.failed(PodStatus.DEADLINE_EXCEEDED, "it was active for more than " + limit.get());
            }
        }
    }

    /** Whether all init containers are done; the one whose turn it is, and all sidecars before it, are kept up. */
    private boolean initialize(Set<String> siblings) {
        boolean before = course.initialized();
        for (Container container : view.spec().initContainers()) {
            boolean frozen = siblings.contains(container.name());
            if (!frozen && container.restartsAlways()) {
                apply(
                        container,
                        ContainerPass.keepingUp(
                                container, status(container), view.run(container.name()), RestartPolicy.ALWAYS, view));
            } else if (!frozen && !before) {
                prepare(container);
            }
            boolean done = container.restartsAlways()
                    ? status(container).started()
                    : status(container).succeeded();
            if (!before && (frozen || !done)) {
                return false;
            }
        }
        return true;
    }

    /** An init container that has to succeed. One that has is done, whatever its definition says now. */
    private void prepare(Container container) {
        Optional<Observation> run = view.run(container.name());
        RestartPolicy policy =
                policy(container) == RestartPolicy.NEVER ? RestartPolicy.NEVER : RestartPolicy.ON_FAILURE;
        if (run.isPresent()
                && run.get() instanceof Observation.Gone gone
                && gone.end().succeeded()
                && gone.cause().isEmpty()) {
            say(status(container).notRunning(gone.end(), status(container).lastState()));
            return;
        }
        apply(container, ContainerPass.keepingUp(container, status(container), run, policy, view));
    }

    /** Whether it is an init container that has failed and is not tried again: then nothing else is either. */
    private boolean failed(Container container) {
        boolean ended = view.run(container.name())
                .map(run -> run instanceof Observation.Gone gone && !gone.end().succeeded())
                .orElseGet(() -> view.status(container).terminated()
                        && !view.status(container).succeeded());
        return ended
                && !container.restartsAlways()
                && !course.initialized()
                && restart(container).isEmpty();
    }

    private void main(Container container, boolean initialized) {
        ContainerStatus old = status(container);
        if (initialized || view.run(container.name()).isPresent()) {
            apply(
                    container,
                    ContainerPass.keepingUp(container, old, view.run(container.name()), policy(container), view));
        } else if (!old.terminated()) {
            say(old.notRunning(new Waiting(ContainerState.POD_INITIALIZING, ""), old.lastState()));
        }
    }

    private void apply(Container container, ContainerPass pass) {
        Optional<Restart> restart = restart(container);
        if (restart.filter(this::refused).isPresent()) {
            return;
        }
        say(pass.status());
        wake(pass.wakeAt());
        pass.action().ifPresent(actions::add);
        restart.filter(due -> due.failure() && due.isDue(view.now())).ifPresent(granted -> count());
    }

    /** What follows from the end of a container; empty if it has not ended, or has for good. */
    Optional<Restart> restart(Container container) {
        return view.run(container.name())
                .filter(Observation.Gone.class::isInstance)
                .map(Observation.Gone.class::cast)
                .flatMap(gone -> Restart.of(view.status(container), gone, container, policy(container), view.now()));
    }

    /** Whether the pod gives up instead of one restart more. */
    boolean refused(Restart restart) {
        Optional<GiveUp> limit = view.spec().beyond().giveUp().filter(some -> restart.failure());
        if (limit.isEmpty()) {
            return false;
        }
        Instant begin = restart.due().minus(limit.get().window());
        boolean refused = restarted.stream().filter(begin::isBefore).count()
                >= limit.get().restarts();
        if (refused) {
            course = course.failed(
                    PodStatus.RESTART_LIMIT_EXCEEDED,
                    "more than " + limit.get().restarts() + " restarts within "
                            + limit.get().window());
        }
        return refused;
    }

    /** One more restart is granted. */
    void count() {
        view.spec().beyond().giveUp().ifPresent(limit -> {
            restarted.removeIf(view.now().minus(limit.window())::isAfter);
            restarted.add(view.now());
        });
    }

    RestartPolicy policy(Container container) {
        return container.restartPolicy().orElse(view.spec().restartPolicy());
    }

    ContainerStatus status(Container container) {
        ContainerStatus said = statuses.get(container.name());
        return said == null ? view.status(container) : said;
    }

    void say(ContainerStatus status) {
        statuses.put(status.name(), status);
    }

    void act(PodAction action) {
        actions.add(action);
    }

    void wake(Optional<Instant> at) {
        wakeAt = Stream.of(wakeAt, at).flatMap(Optional::stream).min(Instant::compareTo);
    }

    /** Its init containers, or at least its sidecars, have to be done again. */
    void uninitialized() {
        course = course.initialized(false);
    }

    private boolean done(Container main) {
        return status(main).terminated() && !view.alive(main);
    }

    /** Ends what runs, sidecars last, and starts nothing. */
    private void endAll(EndCause cause) {
        actions.clear();
        for (Container container : view.containers()) {
            Optional<Observation> run = view.run(container.name());
            if (run.isPresent() && run.get() instanceof Observation.Live live) {
                ContainerPass pass =
                        ContainerPass.ended(view.status(container), live, cause, view.turn(container), view);
                say(pass.status());
                wake(pass.wakeAt());
                pass.action().ifPresent(actions::add);
            } else {
                say(ContainerPass.goingAway(view.status(container), run));
            }
        }
    }

    /**
     * What the status says of runs is of others, which are gone. A pod whose main containers have ended for good is over, one that is
     * never restarted has failed; any other begins with its init containers, but for containers that have ended for good.
     */
    private void beginAnew() {
        view.containers().forEach(container -> say(unseen(status(container))));
        if (view.spec().containers().stream().allMatch(this::endedForGood)) {
            course = course.complete();
            return;
        }
        if (view.spec().restartPolicy() == RestartPolicy.NEVER) {
            course = course.failed("", "");
            return;
        }
        for (Container container : view.containers()) {
            ContainerStatus old = status(container);
            boolean stays = view.isMain(container) && endedForGood(container);
            if (!stays && old.hasRun()) {
                say(old.again(
                        old.state() instanceof Terminated end ? Optional.of(end) : Optional.empty(), old.backOff()));
            }
        }
        uninitialized();
        wake(Optional.of(view.now()));
    }

    private boolean endedForGood(Container main) {
        RestartPolicy policy = policy(main);
        return status(main).state() instanceof Terminated end
                && (policy == RestartPolicy.NEVER || (policy == RestartPolicy.ON_FAILURE && end.succeeded()));
    }

    private ContainerStatus unseen(ContainerStatus old) {
        return old.state() instanceof Running running
                ? old.notRunning(Terminated.unseen(running.startedAt(), view.now()), old.lastState())
                : old;
    }
}
