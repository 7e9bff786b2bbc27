package dev.corral.reconcile.plane;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.Subscription;
import dev.corral.reconcile.node.Rotation;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pods of a workload that can take traffic now: ready, and not about to go. Safe for any thread. Source: Kubernetes API,
 * {@code EndpointSlice}.
 */
public final class Endpoints {
    private final Store store;
    private final Waiting waiting;
    private final Rotation rotation;
    private final Function<Snapshot, LabelSelector> selector;
    private final Function<EndpointWatchFactory, Subscription> watches;
    private final AtomicInteger turn = new AtomicInteger();

    Endpoints(
            Store store,
            Waiting waiting,
            Rotation rotation,
            Function<Snapshot, LabelSelector> selector,
            Function<EndpointWatchFactory, Subscription> watches) {
        this.store = store;
        this.waiting = waiting;
        this.rotation = rotation;
        this.selector = selector;
        this.watches = watches;
    }

    /** The endpoints that take new traffic at this moment, ordered by name. */
    public List<Endpoint> list() {
        return view().ready();
    }

    /** All endpoints at this moment: those of pods that have a place and have not ended. */
    public EndpointView view() {
        Snapshot snapshot = store.snapshot();
        List<Resource<PodSpec, PodStatus>> pods = pods(snapshot).toList();
        return new EndpointView(
                snapshot.version(),
                endpoints(pods, Endpoints::takesTraffic),
                endpoints(pods, Pod::ready),
                endpoints(pods, pod -> pod.metadata().terminating()));
    }

    /**
     * Tells the endpoints now, and whenever they change; of changes that follow fast perhaps only the last. A pod that was told to
     * be ready gets no SIGTERM before the listener has returned from being told that it isn't, or a quarter of the pod's grace is
     * over. Told on threads of the plane, one view at a time.
     *
     * @throws PlaneClosed during and after {@link ControlPlane#close}
     */
    public Subscription watch(Consumer<EndpointView> listener) {
        return watches.apply(serial -> new EndpointWatch(this, rotation, serial, listener));
    }

    /** Makes a watch that is told on something serial. */
    @FunctionalInterface
    interface EndpointWatchFactory {
        EndpointWatch on(Serial serial);
    }

    List<Resource<PodSpec, PodStatus>> readyPods() {
        return ready(store.snapshot());
    }

    private static List<Endpoint> endpoints(
            List<Resource<PodSpec, PodStatus>> pods, Predicate<Resource<PodSpec, PodStatus>> which) {
        return pods.stream().filter(which).map(Endpoint::of).toList();
    }

    /** Leases the endpoint with the fewest leases, in turn among equals; empty if none is ready. */
    public Optional<Lease> acquire() {
        while (true) {
            Optional<Resource<PodSpec, PodStatus>> chosen = choose(ready(store.snapshot()));
            if (chosen.isEmpty()) {
                return Optional.empty();
            }
            Rotation.Lease lease = rotation.lease(chosen.get());
            // Look again now that the lease can be seen: a pod that was marked in between may get its signal at once.
            if (stillReady(chosen.get())) {
                return Optional.of(new Lease(Endpoint.of(chosen.get()), lease));
            }
            lease.close();
        }
    }

    /**
     * Waits until an endpoint is ready and leases it; empty when the time is up.
     *
     * @throws PlaneClosed if the plane is closed before that
     */
    public Optional<Lease> acquire(Duration timeout) throws InterruptedException {
        return waiting.on(Pod.KIND, timeout, this::acquire);
    }

    private Optional<Resource<PodSpec, PodStatus>> choose(List<Resource<PodSpec, PodStatus>> ready) {
        int first = turn.getAndIncrement();
        return IntStream.range(0, ready.size())
                .mapToObj(i -> ready.get(Math.floorMod(first + i, ready.size())))
                .min(Comparator.comparingInt(
                        pod -> rotation.leases(pod.metadata().uid())));
    }

    private boolean stillReady(Resource<PodSpec, PodStatus> pod) {
        return store.snapshot()
                .get(Pod.KIND, pod.key())
                .filter(now -> now.metadata().uid().equals(pod.metadata().uid()))
                .filter(Endpoints::takesTraffic)
                .filter(now -> Endpoint.of(now).equals(Endpoint.of(pod)))
                .isPresent();
    }

    private List<Resource<PodSpec, PodStatus>> ready(Snapshot snapshot) {
        return pods(snapshot).filter(Endpoints::takesTraffic).toList();
    }

    private Stream<Resource<PodSpec, PodStatus>> pods(Snapshot snapshot) {
        return snapshot.list(Pod.KIND, Key.DEFAULT_NAMESPACE, selector.apply(snapshot)).stream()
                .filter(pod -> pod.spec().nodeName().isPresent()
                        && !pod.status().phase().terminal());
    }

    private static boolean takesTraffic(Resource<PodSpec, PodStatus> pod) {
        return Pod.ready(pod) && Pod.active(pod);
    }
}
