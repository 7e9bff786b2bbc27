package dev.corral.reconcile.plane;

import dev.corral.reconcile.EngineListener;
import dev.corral.reconcile.PassEnded;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.node.Rotation;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells one listener the endpoints whenever they change. What it was told is ready is leased until it was told that it isn't, so
 * that no pod gets its signal while somebody still believes in it, within the bounds that leases have.
 */
final class EndpointWatch implements EngineListener {
    private final Endpoints endpoints;
    private final Rotation rotation;
    private final Serial serial;
    private final Consumer<EndpointView> listener;
    private final AtomicBoolean dirty = new AtomicBoolean();
    /** By the pod's uid. Guarded by itself. */
    private final Map<String, Rotation.Lease> leases = new HashMap<>();

    /** Guarded by the leases. */
    private boolean closed;

    private @Nullable EndpointView told;

    EndpointWatch(Endpoints endpoints, Rotation rotation, Serial serial, Consumer<EndpointView> listener) {
        this.endpoints = endpoints;
        this.rotation = rotation;
        this.serial = serial;
        this.listener = listener;
    }

    @Override
    public void passEnded(PassEnded pass) {
        if (pass.kind().equals(Pod.KIND.name())) {
            touch();
        }
    }

    void touch() {
        if (dirty.compareAndSet(false, true)) {
            serial.submit(this::look);
        }
    }

    /** Ends it and gives back what it holds. */
    void close() {
        synchronized (leases) {
            closed = true;
            leases.values().forEach(Rotation.Lease::close);
            leases.clear();
        }
    }

    private void look() {
        dirty.set(false);
        // Leased before it is looked at: a pod that is marked in between is seen here, or the lease there.
        endpoints.readyPods().forEach(this::hold);
        EndpointView view = endpoints.view();
        EndpointView before = told;
        if (before == null || !view.sameAs(before)) {
            told = view;
            try {
                if (!isClosed()) {
                    listener.accept(view);
                }
            } finally {
                keepOnly(view.ready());
            }
        } else {
            keepOnly(view.ready());
        }
    }

    private void hold(Resource<PodSpec, PodStatus> pod) {
        synchronized (leases) {
            if (!closed) {
                leases.computeIfAbsent(pod.metadata().uid(), absent -> rotation.lease(pod));
            }
        }
    }

    private void keepOnly(List<Endpoint> ready) {
        synchronized (leases) {
            leases.entrySet().removeIf(held -> {
                Optional<Endpoint> still = ready.stream()
                        .filter(one -> one.uid().equals(held.getKey()))
                        .findFirst();
                if (still.isEmpty()) {
                    held.getValue().close();
                }
                return still.isEmpty();
            });
        }
    }

    private boolean isClosed() {
        synchronized (leases) {
            return closed;
        }
    }
}
