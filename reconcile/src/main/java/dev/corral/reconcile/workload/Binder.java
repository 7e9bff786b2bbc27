package dev.corral.reconcile.workload;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Condition;
import dev.corral.reconcile.Conditions;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.KeyHandler;
import dev.corral.reconcile.Loop;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Gives each pod without a node the one that the scheduler says, once; or lets the pod say why it has none. */
final class Binder implements KeyHandler {
    private static final Duration AGAIN = Duration.ofMillis(5);

    private final Store store;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Supplier<Loop> loop;

    private Binder(Store store, Clock clock, Scheduler scheduler, Supplier<Loop> loop) {
        this.store = store;
        this.clock = clock;
        this.scheduler = scheduler;
        this.loop = loop;
    }

    static void register(ControllerManager manager, Store store, Clock clock, Scheduler scheduler) {
        CompletableFuture<Loop> loop = new CompletableFuture<>();
        Binder binder = new Binder(store, clock, scheduler, loop::join);
        loop.complete(manager.loop(
                "scheduler",
                Pod.KIND,
                binder,
                options -> options.concerns(Binder::waits)
                        .watches(Node.KIND, binder::concerned)
                        .watches(Pod.KIND, pod -> freesRoom(pod) ? binder.waiting() : List.of())));
    }

    private Collection<Key> waiting() {
        return store.snapshot().find(Pod.KIND, Pod.NODE_INDEX, "").stream()
                .map(Resource::key)
                .toList();
    }

    /** Those that may find room when a node changes, and those that wait for this very node. */
    private Collection<Key> concerned(Resource<NodeSpec, NodeStatus> node) {
        return Stream.concat(
                        waiting().stream(),
                        store.snapshot().find(Pod.KIND, Pod.NODE_INDEX, node.name()).stream()
                                .filter(Binder::unseen)
                                .map(Resource::key))
                .toList();
    }

    /** For a node, or for somebody to see that there is no such. */
    private static boolean waits(Resource<PodSpec, PodStatus> pod) {
        return pod.spec().nodeName().isEmpty() || unseen(pod);
    }

    private static boolean freesRoom(Resource<PodSpec, PodStatus> pod) {
        return pod.metadata().terminating() || pod.status().phase().terminal() || hasAnotherSpec(pod);
    }

    /** Than the one that its agent has told of: it may request less. */
    private static boolean hasAnotherSpec(Resource<PodSpec, PodStatus> pod) {
        return pod.status()
                .conditions()
                .get(PodStatus.READY)
                .filter(ready -> ready.observedGeneration() < pod.metadata().generation())
                .isPresent();
    }

    @Override
    public Optional<Instant> handle(Key key, Snapshot snapshot) {
        Optional<Resource<PodSpec, PodStatus>> lost =
                snapshot.get(Pod.KIND, key).filter(found -> isLost(found, snapshot));
        if (lost.isPresent()) {
            return handled(lost.get())
                    ? Optional.empty()
                    : Optional.of(clock.now().plus(AGAIN));
        }
        Optional<Resource<PodSpec, PodStatus>> pod = snapshot.get(Pod.KIND, key)
                .filter(found -> found.spec().nodeName().isEmpty() && Pod.active(found));
        return pod.filter(waiting -> !placed(waiting, scheduler.place(waiting, snapshot)))
                .map(waiting -> clock.now().plus(AGAIN));
    }

    /** Whether somebody has put it on a node that there isn't, so that no agent will ever look after it. */
    private static boolean isLost(Resource<PodSpec, PodStatus> pod, Snapshot snapshot) {
        return unseen(pod)
                && !pod.status().phase().terminal()
                && pod.spec()
                        .nodeName()
                        .filter(node -> snapshot.list(Node.KIND).stream()
                                .noneMatch(known -> known.name().equals(node)))
                        .isPresent();
    }

    /** No agent has seen it, so nothing of it runs. */
    private static boolean unseen(Resource<PodSpec, PodStatus> pod) {
        return pod.status().startTime().isEmpty();
    }

    private boolean handled(Resource<PodSpec, PodStatus> lost) {
        if (lost.metadata().terminating()) {
            return store.remove(lost).ok();
        }
        return told(
                lost, "NoSuchNode", "there is no node " + lost.spec().nodeName().orElse(""));
    }

    /** False if the pod has changed meanwhile, so that it has to be looked at again. */
    private boolean placed(Resource<PodSpec, PodStatus> pod, Placement placement) {
        if (placement instanceof Placement.OnNode on) {
            return store.update(pod.spec(pod.spec().nodeName(on.node()))).ok();
        } else if (placement instanceof Placement.Nowhere nowhere) {
            return told(pod, "Unschedulable", String.join("; ", nowhere.reasons()));
        }
        return false;
    }

    private boolean told(Resource<PodSpec, PodStatus> pod, String reason, String message) {
        Conditions before = pod.status().conditions();
        Condition condition = new Condition(
                PodStatus.POD_SCHEDULED,
                Condition.Status.FALSE,
                reason,
                message,
                pod.metadata().generation(),
                clock.now());
        Resource<PodSpec, PodStatus> told = pod.status(pod.status().conditions(before.with(condition)));
        if (told.equals(pod)) {
            return true;
        }
        boolean written = store.updateStatus(told).ok();
        if (written) {
            loop.get().tell(pod.key(), Event.Type.WARNING, "FailedScheduling", message);
        }
        return written;
    }
}
