package dev.corral.reconcile.node;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.KeyHandler;
import dev.corral.reconcile.Loop;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodAction;
import dev.corral.reconcile.workload.PodPass;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the pods of a store into running containers and writes in their statuses what became of them. What to do is decided by
 * {@link PodPass}; this does it. One key at a time, several keys at once.
 */
public final class NodeAgent implements KeyHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAgent.class);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(15);

    private final String node;
    private final Store store;
    private final Seams seams;
    private final Supplier<Loop> loop;
    private final Rotation rotation;
    private final Map<Key, PodRuns> pods = new ConcurrentHashMap<>();
    private final Admission admission = new Admission();
    private volatile boolean ended;

    /**
     * An agent that does nothing until it is asked about a key.
     *
     * @param node the name of the node whose pods it runs
     * @param loop the loop that handles pods by this agent; asked for when something has happened to one of them
     */
    public NodeAgent(String node, Store store, Seams seams, Supplier<Loop> loop) {
        this.node = node;
        this.store = store;
        this.seams = seams;
        this.loop = loop;
        this.rotation = new Rotation(key -> loop.get().wake(key));
    }

    /** Who uses which of the pods. */
    public Rotation rotation() {
        return rotation;
    }

    /** The end of what a container of a pod has written in its newest run; empty if it never ran. */
    public Optional<String> output(Key pod, String container) {
        return Optional.ofNullable(pods.get(pod)).flatMap(runs -> runs.output(container));
    }

    /** Starts nothing from now on; what runs is ended as its pod says. */
    public void refuseStarts() {
        admission.close();
    }

    /**
     * Kills whatever still runs and returns when nothing of it is left. From then on nothing is started, not even by a pass that
     * is under way.
     */
    @Override
    public void close() {
        ended = true;
        refuseStarts();
        pods.values().forEach(PodRuns::killAll);
        CompletableFuture<Void> gone = CompletableFuture.allOf(
                pods.values().stream().map(PodRuns::whenGone).toArray(CompletableFuture<?>[]::new));
        boolean interrupted = false;
        long end = System.nanoTime() + KILL_TIMEOUT.toNanos();
        try {
            while (!gone.isDone()) {
                try {
                    gone.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException later) { // the wait is short, and what runs must not be left alone
                    interrupted = true;
                }
            }
        } catch (TimeoutException hangs) {
            LOG.warn("containers of {} did not end within {} of a kill", pods.keySet(), KILL_TIMEOUT);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("the end of a container failed", impossible.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public Optional<Duration> handle(Key key, Snapshot snapshot) {
        if (ended) {
            return Optional.empty();
        }
        Optional<Resource<PodSpec, PodStatus>> pod = snapshot.get(Pod.KIND, key);
        PodRuns known = pods.get(key);
        if (known != null && pod.filter(known::belongsTo).isEmpty()) {
            known.killAll();
            if (!known.finished()) {
                return Optional.empty();
            }
            pods.remove(key);
        }
        if (pod.filter(found -> found.spec().nodeName().isEmpty()).isPresent()) {
            pod.filter(found -> found.metadata().terminating()).ifPresent(store::remove); // nothing of it runs anywhere
            return Optional.empty();
        }
        return pod.filter(found -> found.spec().nodeName().get().equals(node))
                .flatMap(found -> handle(found, pods.computeIfAbsent(key, absent -> runs(found))));
    }

    private PodRuns runs(Resource<PodSpec, PodStatus> pod) {
        return new PodRuns(seams, pod, new Notices(loop, pod.key()), admission);
    }

    private Optional<Duration> handle(Resource<PodSpec, PodStatus> pod, PodRuns runs) {
        Instant now = seams.clock().now();
        PodPass pass = pass(pod, pod.status(), runs, now);
        store(pod, pass.status());
        // What is decided next presumes that everybody can see what was said before: nothing is signalled while it
        // looks ready.
        while (act(pass, runs, pod.spec())) {
            pass = pass(pod, pass.status(), runs, now);
            store(pod, pass.status());
        }
        if (pass.finished()) {
            pods.remove(pod.key());
            store.remove(pod);
        }
        return pass.wakeAt().map(time -> Duration.between(seams.clock().now(), time));
    }

    /** False when nothing had to be done, or nothing may be done any more: what is refused would be asked for for ever. */
    private boolean act(PodPass pass, PodRuns runs, PodSpec spec) {
        boolean refusing = admission.closed();
        boolean acted = false;
        for (PodAction action : pass.actions()) {
            if (!refusing || !(action instanceof PodAction.Start)) {
                runs.perform(action, spec);
                acted = true;
            }
        }
        return acted && !ended;
    }

    private void store(Resource<PodSpec, PodStatus> pod, PodStatus status) {
        store.updateStatus(Pod.KIND, pod.key(), pod.metadata().uid(), old -> status);
    }

    private PodPass pass(Resource<PodSpec, PodStatus> pod, PodStatus status, PodRuns runs, Instant now) {
        return PodPass.of(new PodPass.View(
                pod.spec(),
                status,
                pod.metadata().generation(),
                pod.metadata().deletion(),
                runs.observations(),
                rotation.leases(pod.metadata().uid()) > 0,
                now));
    }
}
