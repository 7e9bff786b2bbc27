package dev.corral.reconcile.plane;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.LabelSelector;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.node.Rotation;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The pods of a Deployment that can take traffic now: ready, and not about to go. Safe for any thread. Source: Kubernetes API,
 * {@code EndpointSlice}.
 */
public final class Endpoints {
    private final Store store;
    private final Waiting waiting;
    private final Rotation rotation;
    private final Deployment deployment;
    private final AtomicInteger turn = new AtomicInteger();

    Endpoints(Store store, Waiting waiting, Rotation rotation, Deployment deployment) {
        this.store = store;
        this.waiting = waiting;
        this.rotation = rotation;
        this.deployment = deployment;
    }

    /** The endpoints at this moment, ordered by name. */
    public List<Endpoint> list() {
        return ready(store.snapshot()).stream().map(Endpoint::of).toList();
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
        LabelSelector selector = snapshot.get(Deployment.KIND, Key.of(deployment.name()))
                .map(stored -> stored.spec().selector())
                .orElse(deployment.spec().selector());
        return snapshot.list(Pod.KIND, Key.DEFAULT_NAMESPACE).stream()
                .filter(Endpoints::takesTraffic)
                .filter(pod -> selector.matches(pod.metadata().labels()))
                .toList();
    }

    private static boolean takesTraffic(Resource<PodSpec, PodStatus> pod) {
        return Pod.ready(pod) && Pod.active(pod);
    }
}
