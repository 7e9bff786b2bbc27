package dev.corral.reconcile.node;

import dev.corral.Confinement;
import dev.corral.internal.linux.LibC;
import dev.corral.namespaces.IdMap;
import dev.corral.namespaces.NamespaceType;
import dev.corral.reconcile.workload.PodSpec;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the containers of one pod share. Safe for any thread. */
final class PodHome implements AutoCloseable {
    private @Nullable PodHolder holder;
    private boolean closed;

    /** Lets a container join the namespaces that it shares; they are made for the first one, and again when their init has ended. */
    synchronized Optional<Confinement> join(
            PodSpec pod, String hostname, Set<NamespaceType> types, Optional<IdMap> ids) {
        if (types.isEmpty()) {
            return Optional.empty();
        }
        if (closed) {
            throw new IllegalStateException("the pod is gone: nothing can be started in it");
        }
        if (holder != null && !holder.alive()) {
            holder.close();
            holder = null;
        }
        PodHolder held = holder == null ? PodHolder.of(Places.shared(pod), hostname, ids) : holder;
        holder = held;
        return Optional.of(held.join(types));
    }

    /** An ordinary user's containers are user 0 of their namespace alone, unless one of them needs more ids. */
    static Optional<IdMap> ids(boolean beyondZero) {
        return beyondZero && LibC.effectiveUser() != 0 ? Optional.of(IdMap.subordinate()) : Optional.empty();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (holder != null) {
            holder.close();
            holder = null;
        }
    }
}
