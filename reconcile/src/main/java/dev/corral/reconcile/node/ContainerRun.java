package dev.corral.reconcile.node;

import dev.corral.CorralException;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.EndCause;
import dev.corral.reconcile.workload.Health;
import dev.corral.reconcile.workload.HookState;
import dev.corral.reconcile.workload.LastWords;
import dev.corral.reconcile.workload.Lifecycle;
import dev.corral.reconcile.workload.Observation;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProbeKind;
import dev.corral.reconcile.workload.Resized;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of one container: starting, live, closing, gone, in this order. Everything that may block happens on the executor;
 * what happens there, and in the process, changes the observation and is told by a call. Safe for any thread.
 */
final class ContainerRun {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerRun.class);
    /** What shells answer when a command can't be executed. */
    static final int CANNOT_EXECUTE = 126;

    private final Seams seams;
    private final ContainerRuntime.Order order;
    private final ContainerRuntime.Identity identity;
    private final Container definition;
    private final Notices notices;
    private final Hooks hooks;
    private final Instant begun;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private final Map<ProbeKind, Asking> askings = new EnumMap<>(ProbeKind.class);
    private Observation observation;
    private ContainerRuntime.@Nullable Run run;
    private Optional<EndCause> doomed = Optional.empty();
    private boolean leaving;

    ContainerRun(Seams seams, ContainerRuntime.Order order, Notices notices) {
        this.seams = seams;
        this.order = order;
        this.identity = order.identity();
        this.definition = order.container();
        this.notices = notices;
        this.hooks = new Hooks(seams, order);
        this.begun = seams.clock().now();
        this.observation = new Observation.Starting(definition);
    }

    /** Begins; once only. */
    void start() {
        CompletableFuture<Void> unused = seams.runtime()
                .start(order, seams.executor())
                .handle((started, failed) -> {
                    if (started == null) {
                        notStarted(failed);
                    } else {
                        running(started);
                    }
                    return null;
                });
    }

    /** Goes on with what somebody else has started, or has seen the end of; instead of {@link #start}. */
    void takeOver(ContainerRuntime.Former former) {
        former.run().ifPresent(running -> {
            Optional<Lifecycle.Hook> hook =
                    definition.lifecycle().flatMap(Lifecycle::postStart).filter(cutOff -> !former.postStart());
            live(running, former.since(), hook.isPresent() ? HookState.RUNNING : HookState.DONE);
            notices.normal(
                    "TakenOver",
                    "container " + identity.container() + " runs on since " + former.since() + ", start "
                            + (identity.attempt() + 1));
            watch(running, former.since());
            hook.ifPresent(again -> postStart(again, running));
        });
        former.end().ifPresent(end -> {
            synchronized (this) {
                observation = new Observation.Gone(definition, end, Optional.empty());
            }
            gone.complete(null);
        });
    }

    synchronized Observation observation() {
        return observation;
    }

    ContainerRuntime.Identity identity() {
        return identity;
    }

    /** What it is by definition, while it runs; empty if it does not. */
    synchronized Optional<Container> definition() {
        return observation instanceof Observation.Live live && live.stopping().isEmpty()
                ? Optional.of(live.definition())
                : Optional.empty();
    }

    /** Gives it the resources of another definition, which it has from then on if that could be done. */
    Resized resize(ContainerRuntime.Order wanted) {
        Optional<ContainerRuntime.Run> running = live();
        if (running.isEmpty()) {
            return new Resized.NeedsRestart("it does not run");
        }
        Resized answer = running.get().resize(wanted);
        synchronized (this) {
            if (answer instanceof Resized.Applied && observation instanceof Observation.Live live) {
                observation = live.definition(wanted.container());
            }
        }
        if (answer instanceof Resized.Applied) {
            notices.normal(
                    "ResizeCompleted", "container " + identity.container() + " has other resources, and runs on");
        }
        return answer;
    }

    /** What runs now; empty if it does not. */
    synchronized Optional<ContainerRuntime.Run> live() {
        return observation instanceof Observation.Live ? Optional.ofNullable(run) : Optional.empty();
    }

    /** The end of what it has written; empty text before it runs. */
    String output() {
        ContainerRuntime.Run started = started();
        return started == null ? "" : started.output();
    }

    /** Begins its end with what is to be done before it. Without effect unless it is live and its end has not begun. */
    void preStop(EndCause cause) {
        ContainerRuntime.Run started;
        synchronized (this) {
            if (!(observation instanceof Observation.Live live)
                    || live.stopping().isPresent()
                    || run == null) {
                return;
            }
            Instant now = seams.clock().now();
            observation = live.stopping(new Observation.Stopping(cause, now, HookState.RUNNING, Optional.empty()));
            started = run;
        }
        Optional<Lifecycle.Hook> hook = definition.lifecycle().flatMap(Lifecycle::preStop);
        CompletableFuture<Optional<String>> done = hook.map(each -> hooks.perform(each, started))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
        CompletableFuture<Void> unused = done.thenAccept(this::prepared);
    }

    private void prepared(Optional<String> failure) {
        failure.ifPresent(
                why -> notices.warning("FailedPreStopHook", "container " + identity.container() + ": " + why));
        HookState now = failure.isPresent() ? HookState.FAILED : HookState.DONE;
        synchronized (this) {
            if (!(observation instanceof Observation.Live live)
                    || live.stopping().isEmpty()) {
                return;
            }
            observation = live.stopping(live.stopping().get().preStop(now));
        }
        notices.changed();
    }

    /** Asks it to end. Without effect unless it is live. */
    synchronized void terminate(EndCause cause) {
        if (observation instanceof Observation.Live live && run != null) {
            Instant now = seams.clock().now();
            Observation.Stopping stopping = live.stopping()
                    .orElseGet(() -> new Observation.Stopping(cause, now, HookState.DONE, Optional.empty()));
            observation = live.stopping(stopping.signalled(now));
            run.terminate();
        }
    }

    /** Completed when nothing of it is left. */
    CompletableFuture<Void> whenGone() {
        return gone.copy();
    }

    /** Kills it, at once or as soon as it has started. Without effect once it has ended. */
    void kill(EndCause cause) {
        ContainerRuntime.Run started;
        synchronized (this) {
            doomed = doomed.or(() -> causeOf(observation)).or(() -> Optional.of(cause));
            if (!(observation instanceof Observation.Live)) {
                return;
            }
            observation = new Observation.Closing();
            started = run;
        }
        endAskings();
        seams.executor().execute(() -> close(started));
    }

    /** Its pod shall go: only whether it can take traffic is asked any more. */
    void leaving() {
        synchronized (this) {
            if (leaving) {
                return;
            }
            leaving = true;
            if (!(observation instanceof Observation.Live live)) {
                return;
            }
            observation = live.health(live.health().leaving());
        }
        begin(ProbeKind.READINESS);
    }

    private static Optional<EndCause> causeOf(Observation observed) {
        return observed instanceof Observation.Live live
                ? live.stopping().map(Observation.Stopping::cause)
                : Optional.empty();
    }

    private synchronized ContainerRuntime.@Nullable Run started() {
        return run;
    }

    private void running(ContainerRuntime.Run started) {
        Instant since = seams.clock().now();
        Optional<Lifecycle.Hook> hook = definition.lifecycle().flatMap(Lifecycle::postStart);
        live(started, since, hook.isPresent() ? HookState.RUNNING : HookState.DONE);
        notices.normal("Started", "container " + identity.container() + " runs, start " + (identity.attempt() + 1));
        if (!started.dropped().isEmpty()) {
            notices.warning("LimitsNotEnforced", String.join("; ", started.dropped()));
        }
        watch(started, since);
        hook.ifPresent(each -> postStart(each, started));
    }

    private void postStart(Lifecycle.Hook hook, ContainerRuntime.Run started) {
        CompletableFuture<Void> unused = hooks.perform(hook, started).thenAccept(this::begun);
    }

    private synchronized void live(ContainerRuntime.Run started, Instant since, HookState postStart) {
        run = started;
        Health unasked = Health.unasked(definition);
        observation = new Observation.Live(
                definition,
                since,
                started.ports(),
                started.dropped(),
                leaving ? unasked.leaving() : unasked,
                postStart,
                Optional.empty());
        for (ProbeKind kind : ProbeKind.values()) {
            kind.of(definition)
                    .map(probe -> new Prober.Question(kind, probe, order, started))
                    .ifPresent(question -> askings.put(kind, new Asking(seams, question, listener())));
        }
    }

    /** Begins to ask how it is, and to wait for its end. */
    private void watch(ContainerRuntime.Run started, Instant since) {
        Optional<EndCause> unwanted;
        synchronized (this) {
            unwanted = doomed;
        }
        unwanted.ifPresent(this::kill);
        begin(ProbeKind.values());
        notices.changed();
        CompletableFuture<Void> unused = started.exited().thenAccept(ended -> ended(started, since, ended));
    }

    /** What is done after the start has come to its end. */
    private void begun(Optional<String> failure) {
        if (failure.isEmpty()) {
            try {
                seams.runtime().postStarted(identity);
            } catch (CorralException unnoted) { // whoever takes it over will do it again
                notices.warning(
                        "NotRecorded", "the postStart hook of " + identity.container() + ": " + unnoted.getMessage());
            }
        }
        synchronized (this) {
            if (!(observation instanceof Observation.Live live)) {
                return;
            }
            observation = live.postStart(failure.isPresent() ? HookState.FAILED : HookState.DONE);
        }
        failure.ifPresent(
                why -> notices.warning("FailedPostStartHook", "container " + identity.container() + ": " + why));
        notices.changed();
    }

    /** Begins those of the probes that are asked now; the others wait for the startup probe. */
    private void begin(ProbeKind... kinds) {
        Map<ProbeKind, Instant> due = new EnumMap<>(ProbeKind.class);
        synchronized (this) {
            if (observation instanceof Observation.Live live) {
                for (ProbeKind kind : kinds) {
                    kind.of(definition)
                            .filter(probe -> live.health().asks(kind))
                            .ifPresent(probe -> due.put(kind, live.since().plus(probe.initialDelay())));
                }
            }
        }
        due.forEach((kind, first) -> asking(kind).ifPresent(asking -> asking.begin(first)));
    }

    private synchronized Optional<Asking> asking(ProbeKind kind) {
        return Optional.ofNullable(askings.get(kind));
    }

    private void endAskings() {
        List<Asking> all;
        synchronized (this) {
            all = List.copyOf(askings.values());
        }
        all.forEach(Asking::end);
    }

    private void notStarted(Throwable failed) {
        LOG.info("pod {}: container {} could not be started", identity.pod(), identity.container(), failed);
        notices.warning(ContainerState.START_ERROR, "container " + identity.container() + ": " + failed);
        String message = failed.getMessage() == null ? failed.toString() : failed.getMessage();
        gone(new ContainerState.Terminated(
                CANNOT_EXECUTE,
                Optional.empty(),
                ContainerState.START_ERROR,
                message,
                begun,
                seams.clock().now()));
    }

    /** It counts as gone only when nothing of it is left: the next run may need its ports. */
    private void ended(ContainerRuntime.Run started, Instant since, ContainerRuntime.Ended ended) {
        Instant now = seams.clock().now();
        tell(ended);
        boolean expected;
        synchronized (this) {
            doomed = doomed.or(() -> causeOf(observation));
            observation = new Observation.Closing();
            expected = leaving;
        }
        endAskings();
        if (!expected) { // of a pod that goes nobody does anything before nothing is left of this
            notices.changed();
        }
        Runnable rest = () -> {
            close(started);
            String message = LastWords.of(definition, started.terminationMessage(), started.output(), ended);
            gone(new ContainerState.Terminated(ended.exitCode(), ended.signal(), ended.reason(), message, since, now));
        };
        if (started.tellsItsEndWhereOneMayWait()) {
            rest.run();
        } else {
            seams.executor().execute(rest);
        }
    }

    private void tell(ContainerRuntime.Ended ended) {
        String what = "container " + identity.container() + ": " + ended.message();
        boolean asked = !(observation() instanceof Observation.Live live)
                || live.stopping().isPresent();
        if (asked || ended.reason().equals(ContainerState.COMPLETED)) {
            notices.normal(asked ? "Stopped" : ended.reason(), what);
        } else {
            notices.warning(ended.reason(), what);
        }
    }

    private void gone(ContainerState.Terminated end) {
        synchronized (this) {
            observation = new Observation.Gone(definition, end, doomed);
        }
        gone.complete(null);
        notices.changed();
    }

    private void close(ContainerRuntime.@Nullable Run started) {
        try {
            if (started != null) {
                started.close();
            }
        } catch (RuntimeException failed) {
            LOG.warn("pod {}: closing container {} failed", identity.pod(), identity.container(), failed);
        }
    }

    private Asking.Listener listener() {
        return new Asking.Listener() {
            @Override
            public boolean asks(ProbeKind kind) {
                return observation() instanceof Observation.Live live
                        && live.health().asks(kind);
            }

            @Override
            public void answered(ProbeKind kind, Prober.Answer answer, boolean counts, boolean lasting) {
                if (answer.success() || counts) {
                    ContainerRun.this.answered(kind, answer, lasting);
                }
            }

            @Override
            public void failed(ProbeKind kind, RuntimeException error) {
                if (!asks(kind)) {
                    return; // it has ended meanwhile
                }
                LOG.warn("pod {}: container {} could not be asked", identity.pod(), identity.container(), error);
                notices.warning(
                        "ProbeError",
                        "container " + identity.container() + ": " + kind + " could not be asked: " + error);
            }
        };
    }

    private void answered(ProbeKind kind, Prober.Answer answer, boolean lasting) {
        Health before;
        Health now;
        boolean staying;
        synchronized (this) {
            Optional<Probe> probe = kind.of(definition);
            if (!(observation instanceof Observation.Live live) || probe.isEmpty()) {
                return;
            }
            before = live.health();
            now = before.after(kind, answer.success(), probe.get());
            observation = live.health(now);
            staying = !leaving && live.stopping().isEmpty();
        }
        boolean turned = now.verdict(kind) != before.verdict(kind);
        if (!answer.success() && (turned || (lasting && staying))) {
            notices.warning(
                    "Unhealthy", "container " + identity.container() + ": " + kind + " failed: " + answer.what());
        }
        if (turned) {
            begin(ProbeKind.LIVENESS, ProbeKind.READINESS);
            notices.changed();
        }
    }
}
