package dev.corral.reconcile.node;

import dev.corral.Confinement;
import dev.corral.internal.linux.LibC;
import dev.corral.namespaces.IdMap;
import dev.corral.namespaces.NamespaceType;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.PodSpec;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the containers of one pod share. Safe for any thread. */
final class PodHome implements AutoCloseable {
    private final Set<Evictable> runs = ConcurrentHashMap.newKeySet();
    private @Nullable PodHolder holder;
    private @Nullable SizeWatch watch;
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
        held.make(types, hostname);
        return Optional.of(held.join(types));
    }

    /** Has containers that are started from now on join one that was started before, in what it shares. */
    synchronized void found(Set<NamespaceType> types, long pid) {
        if (!types.isEmpty() && !closed) {
            PodHolder held = holder == null ? PodHolder.nothing() : holder;
            holder = held;
            held.find(types, pid);
        }
    }

    /** A run that can be ended for what its pod does. */
    interface Evictable extends ContainerRuntime.Run {
        /** Kills it, which is told as the reason of its end. */
        void evict(String message);
    }

    /** Counts a run as one of the pod's, until it has ended. */
    void add(Evictable run) {
        runs.add(run);
        CompletableFuture<Void> unused = run.exited().thenAccept(ended -> runs.remove(run));
    }

    /** Ends all that runs. */
    void evict(String message) {
        runs.forEach(run -> run.evict(message));
    }

    /** Has the pod's directories looked at, once they are there. */
    synchronized void watch(Supplier<SizeWatch> begin) {
        if (watch == null && !closed) {
            watch = begin.get();
        }
    }

    /** An ordinary user's containers are user 0 of their namespace alone, unless one of them needs more ids. */
    static Optional<IdMap> ids(boolean beyondZero) {
        return beyondZero && LibC.effectiveUser() != 0 ? Optional.of(IdMap.subordinate()) : Optional.empty();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (watch != null) {
            watch.close();
        }
        if (holder != null) {
            holder.close();
            holder = null;
        }
    }
}
