package dev.corral.reconcile.node;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Who uses which pod at this moment. A pod that shall go gets no signal while it is in use, within bounds; whoever wants to
 * use one takes the lease first and then makes sure that the pod is not marked, so that either the agent sees the lease or the
 * user sees the mark. Safe for any thread.
 */
public final class Rotation {
    private final Map<String, Integer> leases = new HashMap<>();
    private final Consumer<Key> idle;

    /**
     * A rotation without leases.
     *
     * @param idle told the key of a pod whose last lease was given back, on the thread that gave it back
     */
    Rotation(Consumer<Key> idle) {
        this.idle = idle;
    }

    /** The use of one pod, until it is closed; closing twice gives back once. */
    public interface Lease extends AutoCloseable {
        @Override
        void close();
    }

    /** Takes a lease on a pod, whether or not it is ready. */
    public Lease lease(Resource<PodSpec, PodStatus> pod) {
        String uid = pod.metadata().uid();
        synchronized (leases) {
            leases.merge(uid, 1, Integer::sum);
        }
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.compareAndSet(true, false)) {
                giveBack(pod.key(), uid);
            }
        };
    }

    /** How many leases on the pod of a uid are open. */
    public int leases(String uid) {
        synchronized (leases) {
            return leases.getOrDefault(uid, 0);
        }
    }

    private void giveBack(Key key, String uid) {
        boolean last;
        synchronized (leases) {
            last = leases.merge(uid, -1, Integer::sum) == 0;
            if (last) {
                leases.remove(uid);
            }
        }
        if (last) {
            idle.accept(key);
        }
    }
}
