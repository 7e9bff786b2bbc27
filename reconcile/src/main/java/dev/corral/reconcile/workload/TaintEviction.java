package dev.corral.reconcile.workload;

import dev.corral.reconcile.Clock;
import dev.corral.reconcile.Commit;
import dev.corral.reconcile.Condition;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.Event;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.KeyHandler;
import dev.corral.reconcile.Loop;
import dev.corral.reconcile.Metadata;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Deletes pods from nodes with a {@code NO_EXECUTE} taint that they don't tolerate, or not any longer. Source: Kubernetes, the
 * taint eviction controller.
 */
final class TaintEviction implements KeyHandler {
    /** The annotation of a pod with the time since when its node has taints that it tolerates for a time only. */
    static final String SINCE = "node.kubernetes.io/no-execute-since";

    private static final Duration AGAIN = Duration.ofMillis(5);

    private final Store store;
    private final Clock clock;
    private final Supplier<Loop> loop;

    private TaintEviction(Store store, Clock clock, Supplier<Loop> loop) {
        this.store = store;
        this.clock = clock;
        this.loop = loop;
    }

    /** Adds the loop to a manager that is about to start. */
    static void into(ControllerManager manager, Store store, Clock clock) {
        CompletableFuture<Loop> loop = new CompletableFuture<>();
        loop.complete(manager.loop(
                "taint eviction",
                Pod.KIND,
                new TaintEviction(store, clock, loop::join),
                options -> options.concerns(TaintEviction::placed)
                        .watches(
                                Node.KIND,
                                node -> store.snapshot().find(Pod.KIND, Pod.NODE_INDEX, node.name()).stream()
                                        .map(Resource::key)
                                        .toList())));
    }

    @Override
    public Optional<Instant> handle(Key key, Snapshot snapshot) {
        return snapshot.get(Pod.KIND, key)
                .filter(TaintEviction::placed)
                .flatMap(pod -> pod.spec().nodeName().flatMap(node -> handle(pod, taints(snapshot, node))));
    }

    private static boolean placed(Resource<PodSpec, PodStatus> pod) {
        return Pod.active(pod) && pod.spec().nodeName().isPresent();
    }

    private static List<Taint> taints(Snapshot snapshot, String node) {
        return snapshot.list(Node.KIND).stream()
                .filter(found -> found.name().equals(node))
                .flatMap(found -> found.spec().allTaints())
                .filter(taint -> taint.effect() == Taint.Effect.NO_EXECUTE)
                .toList();
    }

    private Optional<Instant> handle(Resource<PodSpec, PodStatus> pod, List<Taint> taints) {
        Optional<Taint> untolerated = taints.stream()
                .filter(taint -> tolerations(pod, taint).findAny().isEmpty())
                .findFirst();
        if (untolerated.isPresent()) {
            return evict(pod, untolerated.get());
        }
        Optional<Duration> stay = taints.stream()
                .flatMap(taint -> tolerations(pod, taint).findFirst().stream())
                .flatMap(toleration -> toleration.tolerationTime().stream())
                .min(Duration::compareTo);
        Optional<Instant> since = since(pod.metadata());
        if (stay.isEmpty()) {
            return since.isPresent()
                    ? write(pod, Copies.without(pod.metadata().annotations(), SINCE))
                    : Optional.empty();
        }
        if (since.isEmpty()) {
            return write(
                    pod,
                    Copies.with(pod.metadata().annotations(), SINCE, clock.now().toString()));
        }
        Instant end = since.get().plus(stay.get());
        return end.isAfter(clock.now()) ? Optional.of(end) : evict(pod, taints.get(0));
    }

    private static Stream<Toleration> tolerations(Resource<PodSpec, PodStatus> pod, Taint taint) {
        return pod.spec().tolerations().stream().filter(toleration -> toleration.tolerates(taint));
    }

    /** What is no time was not written here, and begins anew. */
    private static Optional<Instant> since(Metadata metadata) {
        try {
            return Optional.ofNullable(metadata.annotations().get(SINCE)).map(Instant::parse);
        } catch (DateTimeParseException strange) {
            return Optional.empty();
        }
    }

    private Optional<Instant> write(Resource<PodSpec, PodStatus> pod, Map<String, String> annotations) {
        return store.update(pod.metadata(pod.metadata().annotations(annotations)))
                        .ok()
                ? Optional.empty()
                : Optional.of(clock.now().plus(AGAIN));
    }

    private Optional<Instant> evict(Resource<PodSpec, PodStatus> pod, Taint taint) {
        String why = "its node has the taint " + taint;
        Condition disrupted = new Condition(
                PodStatus.DISRUPTION_TARGET,
                Condition.Status.TRUE,
                "DeletionByTaintManager",
                why,
                pod.metadata().generation(),
                clock.now());
        // Before it goes: whoever counts it as failed may want to know why.
        Resource<PodSpec, PodStatus> told =
                pod.status(pod.status().conditions(pod.status().conditions().with(disrupted)));
        if (!told.equals(pod)) {
            boolean written = store.updateStatus(told).ok();
            return Optional.of(written ? clock.now() : clock.now().plus(AGAIN));
        }
        if (!store.commit(Commit.by("taint eviction").delete(pod)).ok()) {
            return Optional.of(clock.now().plus(AGAIN));
        }
        loop.get().tell(pod.key(), Event.Type.WARNING, "TaintEviction", why);
        return Optional.empty();
    }
}
