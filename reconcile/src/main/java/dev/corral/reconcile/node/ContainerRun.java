package dev.corral.reconcile.node;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.ContainerState;
import dev.corral.reconcile.workload.Observation;
import dev.corral.reconcile.workload.Probe;
import dev.corral.reconcile.workload.ProbeKind;
import dev.corral.reconcile.workload.Readiness;
import java.time.Instant;
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
    private static final int CANNOT_EXECUTE = 126;

    private final Seams seams;
    private final ContainerRuntime.Order order;
    private final ContainerRuntime.Identity identity;
    private final Container definition;
    private final Notices notices;
    private final Instant begun;
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    private Observation observation;
    private Readiness readiness = Readiness.unknown();
    private Pace pace = Pace.fresh();
    private ContainerRuntime.@Nullable Run run;
    private Clock.@Nullable Timer nextProbe;
    private boolean doomed;

    ContainerRun(Seams seams, ContainerRuntime.Order order, Notices notices) {
        this.seams = seams;
        this.order = order;
        this.identity = order.identity();
        this.definition = order.container();
        this.notices = notices;
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

    synchronized Observation observation() {
        return observation;
    }

    /** The end of what it has written; empty text before it runs. */
    String output() {
        ContainerRuntime.Run started = started();
        return started == null ? "" : started.output();
    }

    /** Asks it to end. Without effect unless it is live. */
    synchronized void terminate() {
        if (observation instanceof Observation.Live live && run != null) {
            observation = live.signalled(seams.clock().now());
            run.terminate();
        }
    }

    /** Completed when nothing of it is left. */
    CompletableFuture<Void> whenGone() {
        return gone.copy();
    }

    /** Kills it, at once or as soon as it has started. Without effect once it has ended. */
    void kill() {
        ContainerRuntime.Run started;
        synchronized (this) {
            doomed = true;
            if (!(observation instanceof Observation.Live)) {
                return;
            }
            observation = new Observation.Closing();
            started = run;
        }
        seams.executor().execute(() -> close(started));
    }

    private synchronized ContainerRuntime.@Nullable Run started() {
        return run;
    }

    private void running(ContainerRuntime.Run started) {
        Instant since = seams.clock().now();
        synchronized (this) {
            run = started;
            observation = new Observation.Live(
                    definition,
                    since,
                    started.ports(),
                    started.dropped(),
                    definition.readinessProbe().isEmpty(),
                    Optional.empty());
        }
        notices.normal("Started", "container " + identity.container() + " runs, start " + (identity.attempt() + 1));
        if (!started.dropped().isEmpty()) {
            notices.warning("LimitsNotEnforced", String.join("; ", started.dropped()));
        }
        boolean unwanted;
        synchronized (this) {
            unwanted = doomed;
        }
        if (unwanted) {
            kill();
        }
        definition.readinessProbe().ifPresent(probe -> probeAt(probe, started, since.plus(probe.initialDelay())));
        notices.changed();
        CompletableFuture<Void> unused = started.exited().thenAccept(ended -> ended(started, since, ended));
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
        synchronized (this) {
            observation = new Observation.Closing();
            if (nextProbe != null) {
                nextProbe.cancel();
            }
        }
        notices.changed();
        seams.executor().execute(() -> {
            close(started);
            gone(new ContainerState.Terminated(
                    ended.exitCode(), ended.signal(), ended.reason(), ended.message(), since, now));
        });
    }

    private void tell(ContainerRuntime.Ended ended) {
        String what = "container " + identity.container() + ": " + ended.message();
        boolean asked = !(observation() instanceof Observation.Live live)
                || live.signalled().isPresent();
        if (asked || ended.reason().equals(ContainerState.COMPLETED)) {
            notices.normal(asked ? "Stopped" : ended.reason(), what);
        } else {
            notices.warning(ended.reason(), what);
        }
    }

    private void gone(ContainerState.Terminated end) {
        synchronized (this) {
            observation = new Observation.Gone(definition, end);
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

    private synchronized void probeAt(Probe probe, ContainerRuntime.Run started, Instant time) {
        if (observation instanceof Observation.Live) {
            nextProbe = seams.clock().at(time, () -> seams.executor().execute(() -> probe(probe, started, time)));
        }
    }

    private void probe(Probe probe, ContainerRuntime.Run started, Instant time) {
        boolean success = false;
        try {
            success = seams.prober()
                    .ask(new Prober.Question(ProbeKind.READINESS, probe, identity, definition, started))
                    .success();
            answered(success, probe);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException failed) { // of the prober, not of the container: it says nothing about that
            LOG.warn("pod {}: a probe of container {} failed", identity.pod(), identity.container(), failed);
        }
        probeAt(probe, started, paced(success).next(probe, time, seams.clock().now()));
    }

    private synchronized Pace paced(boolean success) {
        pace = pace.after(success);
        return pace;
    }

    private void answered(boolean success, Probe probe) {
        synchronized (this) {
            readiness = readiness.after(success, probe);
            if (!(observation instanceof Observation.Live live) || live.ready() == readiness.ready()) {
                return;
            }
            observation = live.ready(readiness.ready());
        }
        notices.changed();
    }
}
