package dev.corral.reconcile.workload;

import dev.corral.Signal;
import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Deletion;
import dev.corral.reconcile.workload.Observation.Live;
import dev.corral.reconcile.workload.Observation.Stopping;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** A pod and an agent that does at once what a pass says; what its containers do is the test's. Keeps what was done, in order. */
final class Scene {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final List<String> log = new ArrayList<>();
    final Map<String, Observation> runs = new TreeMap<>();
    /** Those that SIGTERM does not end. */
    final Set<String> deaf = new HashSet<>();

    PodSpec spec;
    PodStatus status = PodStatus.unseen();
    Instant now = START;
    boolean leased;
    private boolean lost;
    private Optional<Deletion> deletion = Optional.empty();
    private Optional<Instant> wakeAt = Optional.empty();
    private boolean finished;

    Scene(PodSpec spec) {
        this.spec = spec;
    }

    /** Passes until nothing is to be done at this time. */
    Scene settle() {
        for (int i = 0; i < 100; i++) {
            PodPass pass = PodPass.of(new PodPass.View(spec, status, 1, deletion, Map.copyOf(runs), lost, leased, now));
            boolean found = lost;
            lost = false;
            status = pass.status();
            wakeAt = pass.wakeAt();
            finished = pass.finished();
            pass.actions().forEach(this::perform);
            boolean again = wakeAt.filter(at -> !at.isAfter(now)).isPresent();
            if (finished || (pass.actions().isEmpty() && !found && !again)) {
                return this;
            }
        }
        throw new AssertionError("the pod does not come to rest: " + log);
    }

    private void perform(PodAction action) {
        String name = action.container();
        log.add(word(action) + " " + name);
        if (action instanceof PodAction.Start) {
            Container container = container(name);
            HookState hook = container.lifecycle().flatMap(Lifecycle::postStart).isPresent()
                    ? HookState.RUNNING
                    : HookState.DONE;
            runs.put(
                    name,
                    new Live(container, now, Map.of(), List.of(), Health.unasked(container), hook, Optional.empty()));
        } else if (action instanceof PodAction.PreStop stop) {
            edit(name, live -> live.stopping(new Stopping(stop.cause(), now, HookState.RUNNING, Optional.empty())));
        } else if (action instanceof PodAction.Terminate end) {
            edit(
                    name,
                    live -> live.stopping(live.stopping()
                            .orElseGet(() -> new Stopping(end.cause(), now, HookState.DONE, Optional.empty()))
                            .signalled(now)));
            if (!deaf.contains(name)) {
                exit(name, 143);
            }
        } else if (action instanceof PodAction.Kill kill) {
            edit(
                    name,
                    live -> live.stopping(live.stopping()
                            .orElseGet(() -> new Stopping(kill.cause(), now, HookState.DONE, Optional.empty()))));
            exit(name, 137);
        } else {
            runs.remove(name);
        }
    }

    private static String word(PodAction action) {
        if (action instanceof PodAction.Start start) {
            return "start" + (start.attempt() == 0 ? "" : " " + start.attempt());
        }
        return action instanceof PodAction.PreStop
                ? "prepare"
                : action instanceof PodAction.Terminate ? "term" : action instanceof PodAction.Kill ? "kill" : "forget";
    }

    /** A container ends; a code beyond 128 is a signal's. */
    Scene exit(String name, int code) {
        Live live = (Live) Objects.requireNonNull(runs.get(name), name);
        Optional<Signal> signal = code > 128 ? Optional.of(new Signal(code - 128)) : Optional.empty();
        String reason = code == 0 ? ContainerState.COMPLETED : ContainerState.ERROR;
        runs.put(
                name,
                new Observation.Gone(
                        live.definition(),
                        new ContainerState.Terminated(code, signal, reason, "", live.since(), now),
                        live.stopping().map(Stopping::cause)));
        return this;
    }

    /** So many answers of a container to one kind of probe. */
    Scene answers(String name, ProbeKind kind, boolean success, int times) {
        Probe probe = kind.of(container(name)).orElseThrow();
        for (int i = 0; i < times; i++) {
            edit(name, live -> live.health(live.health().after(kind, success, probe)));
        }
        return this;
    }

    Scene postStart(String name, HookState state) {
        return edit(name, live -> live.postStart(state));
    }

    Scene preStop(String name, HookState state) {
        return edit(name, live -> live.stopping(live.stopping().orElseThrow().preStop(state)));
    }

    private Scene edit(String name, UnaryOperator<Live> change) {
        runs.computeIfPresent(name, (key, run) -> change.apply((Live) run));
        return this;
    }

    Scene wait(Duration time) {
        now = now.plus(time);
        return this;
    }

    /** Goes to the time at which the last pass wants another one, and settles there. */
    Scene wake() {
        now = wakeAt.orElseThrow();
        return settle();
    }

    Scene delete(Duration grace) {
        deletion = Optional.of(new Deletion(now, grace));
        return this;
    }

    /** The agent ends, all processes with it, and another one begins: only what is stored is kept. */
    Scene loseSight() {
        runs.clear();
        lost = true;
        return this;
    }

    /** What was done since this was asked last. */
    List<String> done() {
        List<String> done = List.copyOf(log);
        log.clear();
        return done;
    }

    boolean finished() {
        return finished;
    }

    String state(String name) {
        ContainerStatus container = status.container(name).orElseThrow();
        return container.state() instanceof ContainerState.Running
                ? "Running"
                : container.state().reason();
    }

    boolean holds(String type) {
        return status.conditions().holds(type);
    }

    Scene condition(String type, boolean holds) {
        status = status.conditions(
                status.conditions().with(new Condition(type, Condition.Status.of(holds), "Test", "", 1, now)));
        return this;
    }

    private Container container(String name) {
        return new PodPass.View(spec, status, 1, deletion, Map.of(), false, false, now)
                .containers().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }
}
