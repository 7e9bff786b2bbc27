package dev.corral.reconcile.plane;

import dev.corral.CorralException;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.Snapshot;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.Pod;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.io.Serial;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Something was asked of a container that does not run. */
public final class NotRunning extends CorralException {
    @Serial
    private static final long serialVersionUID = 1L;

    private NotRunning(String message) {
        super(message);
    }

    /** @param how what is wrong with it if it is there */
    static NotRunning of(Snapshot snapshot, String pod, String container, String how) {
        Optional<Resource<PodSpec, PodStatus>> found = snapshot.get(Pod.KIND, Key.of(pod));
        if (found.isEmpty()) {
            return new NotRunning("there is no pod " + pod);
        }
        PodSpec spec = found.get().spec();
        List<String> names = Stream.concat(spec.initContainers().stream(), spec.containers().stream())
                .map(Container::name)
                .toList();
        if (!names.contains(container)) {
            return new NotRunning("pod " + pod + " has no container " + container + ", only " + names);
        }
        String state = PodSummary.of(
                        spec, found.get().status(), found.get().metadata().terminating())
                .line();
        return new NotRunning("container " + container + " of pod " + pod + " " + how + "; the pod is " + state);
    }
}
