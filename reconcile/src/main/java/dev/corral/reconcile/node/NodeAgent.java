package dev.corral.reconcile.node;

import dev.corral.reconcile.Change;
import dev.corral.reconcile.Commit;
import dev.corral.reconcile.ControllerOptions;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.KeyHandler;
import dev.corral.reconcile.Loop;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.WriteResult;
import dev.corral.reconcile.workload.ConfigMap;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerLog;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.PersistentVolumeClaim;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodAction;
import dev.corral.reconcile.workload.PodContents;
import dev.corral.reconcile.workload.PodPass;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Room;
import dev.corral.reconcile.workload.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
    private static final int WORKERS = 4;

    private final String node;
    private final Store store;
    private final Seams seams;
    private final Supplier<Loop> loop;
    private final Rotation rotation;
    private final Map<Key, PodRuns> pods = new ConcurrentHashMap<>();
    private final Set<Key> waiting = ConcurrentHashMap.newKeySet();
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

    /** How the loop of an agent runs. Statuses are the agent's own, so what it writes there is no news to it. */
    public static ControllerOptions<PodSpec, PodStatus> options(ControllerOptions<PodSpec, PodStatus> standard) {
        return standard.workers(WORKERS).wakeOn(Change.SPEC, Change.DELETION);
    }

    /** Who uses which of the pods. */
    public Rotation rotation() {
        return rotation;
    }

    /** The end of what a container of a pod has written in its newest run; empty if it never ran. */
    public Optional<String> output(Key pod, String container) {
        return Optional.ofNullable(pods.get(pod)).flatMap(runs -> runs.output(container));
    }

    /** What a container of a pod has written in its newest run, or in the one before; empty if there was none. */
    public Optional<ContainerLog> log(Key pod, String container, boolean previous) {
        return Optional.ofNullable(pods.get(pod))
                .flatMap(runs -> seams.runtime().log(runs.uid(), container, previous));
    }

    /** The newest run of a container that runs now. */
    public Optional<ContainerRuntime.Run> running(Key pod, String container) {
        return Optional.ofNullable(pods.get(pod)).flatMap(runs -> runs.running(container));
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
    public Optional<Instant> handle(Key key, Snapshot snapshot) {
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
            gone(key, known);
        }
        if (pod.filter(found -> found.spec().nodeName().isEmpty()).isPresent()) {
            pod.filter(found -> found.metadata().terminating()).ifPresent(store::remove); // nothing of it runs anywhere
            return Optional.empty();
        }
        return pod.filter(found -> found.spec().nodeName().get().equals(node))
                .flatMap(found -> handle(found, pods.computeIfAbsent(key, absent -> runs(found)), snapshot));
    }

    private PodRuns runs(Resource<PodSpec, PodStatus> pod) {
        return new PodRuns(seams, pod, new Notices(loop, pod.key()), admission);
    }

    private Optional<Instant> handle(Resource<PodSpec, PodStatus> pod, PodRuns runs, Snapshot snapshot) {
        Instant now = seams.clock().now();
        if (pod.metadata().terminating()) {
            runs.leaving();
        }
        PodContents contents = PodContents.of(pod.spec(), pod.key().namespace(), snapshot);
        Optional<PodStatus> status = runs.takenOver(pod.spec(), pod.status(), contents);
        if (status.isEmpty()) {
            return Optional.empty();
        }
        if (waits(pod, runs, contents)) {
            waiting.add(pod.key());
            store(pod, pod.status().waitingFor(pod.spec(), contents.missing()));
            if (PodContents.of(pod.spec(), pod.key().namespace(), store.snapshot())
                    .missing()
                    .isEmpty()) {
                loop.get().wake(pod.key()); // it came before anybody could know that this pod waits for it
            }
            return Optional.empty();
        }
        waiting.remove(pod.key());
        Resizing resizing = resize(pod, runs, snapshot, now);
        PodPass pass = pass(pod, status.get(), runs, resizing, now);
        if (pass.finished() && pass.actions().isEmpty()) {
            return last(pod, pass.status(), runs);
        }
        if (pass.actions().isEmpty() && resizing.done()) {
            runs.respecified(pod.spec());
        }
        store(pod, pass.status());
        // What is decided next presumes that everybody can see what was said before: nothing is signalled while it
        // looks ready.
        while (act(pass, runs, pod.spec(), contents) || runs.found()) {
            pass = pass(pod, pass.status(), runs, resizing, now);
            store(pod, pass.status());
        }
        if (pass.finished()) {
            return last(pod, pass.status(), runs);
        }
        Instant resizeAgain = now.plus(Resizing.AGAIN);
        return resizing.waiting().isEmpty()
                ? pass.wakeAt()
                : Optional.of(pass.wakeAt()
                        .filter(sooner -> sooner.isBefore(resizeAgain))
                        .orElse(resizeAgain));
    }

    /** Tells how the pod ended and takes it away, in one change: between the two there is nothing for anybody to do. */
    private Optional<Instant> last(Resource<PodSpec, PodStatus> pod, PodStatus status, PodRuns runs) {
        Optional<WriteResult<?, ?>> refusal;
        do {
            refusal = store.snapshot()
                    .get(Pod.KIND, pod.key())
                    .filter(runs::belongsTo)
                    .flatMap(current -> refusal(Commit.by("")
                            .updateStatus(current.status(status.beside(current.status())))
                            .remove(current)));
        } while (refusal.filter(WriteResult.Conflict.class::isInstance).isPresent());
        gone(pod.key(), runs);
        return Optional.empty();
    }

    private Optional<WriteResult<?, ?>> refusal(Commit commit) {
        List<Commit> steps = store.transactional() ? List.of(commit) : commit.steps();
        return steps.stream()
                .map(step -> store.commit(step).refusal())
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Nothing of it has started, and something that it refers to is not there. */
    private static boolean waits(Resource<PodSpec, PodStatus> pod, PodRuns runs, PodContents contents) {
        return !contents.missing().isEmpty() && runs.observations().isEmpty() && Pod.active(pod);
    }

    private void gone(Key key, PodRuns runs) {
        waiting.remove(key);
        pods.remove(key);
        if (seams.runtime().sharesNothing(runs.uid())) {
            seams.runtime().podGone(runs.uid());
        } else {
            seams.executor().execute(() -> seams.runtime().podGone(runs.uid()));
        }
    }

    /**
     * Has pods looked at when something comes that they wait for, or somebody opens or closes a readiness gate; to be called once,
     * with the loop of this agent.
     */
    public void watch(Loop own) {
        own.watches(Pod.KIND, pod -> pod.status().gatesMoved(pod.spec()) ? List.of(pod.key()) : List.of());
        own.watches(ConfigMap.KIND, this::waiting);
        own.watches(Secret.KIND, this::waiting);
        own.watches(PersistentVolumeClaim.KIND, this::waiting);
    }

    private Collection<Key> waiting(Resource<?, ?> arrived) {
        String namespace = arrived.key().namespace();
        return waiting.stream().filter(key -> key.namespace().equals(namespace)).toList();
    }

    /** False when nothing had to be done, or nothing may be done any more: what is refused would be asked for for ever. */
    private boolean act(PodPass pass, PodRuns runs, PodSpec spec, PodContents contents) {
        boolean refusing = admission.closed();
        boolean acted = false;
        for (PodAction action : pass.actions()) {
            if (!refusing || !(action instanceof PodAction.Start)) {
                runs.perform(action, spec, contents, pass.status());
                acted = true;
            }
        }
        return acted && !ended;
    }

    private void store(Resource<PodSpec, PodStatus> pod, PodStatus status) {
        store.updateStatus(Pod.KIND, pod.key(), pod.metadata().uid(), status::beside);
    }

    private Resizing resize(Resource<PodSpec, PodStatus> pod, PodRuns runs, Snapshot snapshot, Instant now) {
        Map<String, Container> wanted = Resizing.wanted(pod, runs);
        if (wanted.isEmpty()) {
            return new Resizing(pod.spec(), List.of(), List.of());
        }
        store(pod, Resizing.begun(pod.status(), wanted, pod.metadata().generation(), now));
        return Resizing.of(pod.spec(), wanted, runs, Room.of(snapshot, node, pod));
    }

    private PodPass pass(
            Resource<PodSpec, PodStatus> pod, PodStatus status, PodRuns runs, Resizing resizing, Instant now) {
        PodPass pass = PodPass.of(new PodPass.View(
                resizing.spec(),
                status,
                pod.metadata().generation(),
                pod.metadata().deletion(),
                runs.observations(),
                runs.lost(),
                rotation.leases(pod.metadata().uid()) > 0,
                now));
        PodStatus told =
                resizing.told(pass.status(), pod.metadata().generation(), now).qosClass(pod.spec());
        return new PodPass(told, pass.actions(), pass.wakeAt(), pass.finished());
    }
}
