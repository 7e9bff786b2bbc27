package dev.corral.examples.quickstart;

import dev.corral.reconcile.Resource;
import dev.corral.reconcile.StoreEvent;
import dev.corral.reconcile.Watch;
import dev.corral.reconcile.workload.Deployment;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Follows every single change of a Deployment's pods, and knows the smallest number of available ones there ever was. */
final class Fewest implements AutoCloseable {
    private final Watch<PodSpec, PodStatus> watch;
    private final Deployment deployment;
    private final Set<String> available = new HashSet<>();
    private int fewest = Integer.MAX_VALUE;

    private Fewest(Watch<PodSpec, PodStatus> watch, Deployment deployment) {
        this.watch = watch;
        this.deployment = deployment;
    }

    /** From now on; what has changed is read when it is stopped, and nothing is lost meanwhile. */
    static Fewest of(Watch<PodSpec, PodStatus> watch, Deployment deployment) {
        return new Fewest(watch, deployment);
    }

    /** Takes in all changes up to now. */
    int stop() {
        boolean synced = false;
        for (List<StoreEvent<PodSpec, PodStatus>> events = watch.poll(); !events.isEmpty(); events = watch.poll()) {
            for (StoreEvent<PodSpec, PodStatus> event : events) {
                event.latest().ifPresent(pod -> take(pod, event.after().isPresent()));
                synced = synced || event instanceof StoreEvent.Synced;
                fewest = synced ? Math.min(fewest, available.size()) : fewest;
            }
        }
        return fewest;
    }

    private void take(Resource<PodSpec, PodStatus> pod, boolean exists) {
        if (!deployment.spec().selector().matches(pod.metadata().labels())) {
            return;
        }
        if (exists && Pod.ready(pod) && Pod.active(pod)) {
            available.add(pod.metadata().uid());
        } else {
            available.remove(pod.metadata().uid());
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
