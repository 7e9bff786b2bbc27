package dev.corral.reconcile.node;

import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Observation;
import dev.corral.reconcile.workload.PodAction;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The newest run of each container of one pod. */
final class PodRuns {
    private final Seams seams;
    private final Key key;
    private final String uid;
    private final Notices notices;
    private final Admission admission;
    private final Map<String, ContainerRun> runs = new ConcurrentHashMap<>();

    PodRuns(Seams seams, Resource<PodSpec, PodStatus> pod, Notices notices, Admission admission) {
        this.seams = seams;
        this.key = pod.key();
        this.uid = pod.metadata().uid();
        this.notices = notices;
        this.admission = admission;
    }

    boolean belongsTo(Resource<PodSpec, PodStatus> pod) {
        return pod.metadata().uid().equals(uid);
    }

    Map<String, Observation> observations() {
        Map<String, Observation> observations = new TreeMap<>();
        runs.forEach((container, run) -> observations.put(container, run.observation()));
        return observations;
    }

    void perform(PodAction action, PodSpec spec) {
        if (action instanceof PodAction.Start start) {
            start(start, spec);
        } else if (action instanceof PodAction.Terminate) {
            notices.normal("Stopping", "container " + action.container() + " is asked to end");
            known(action).ifPresent(ContainerRun::terminate);
        } else {
            notices.normal("Killing", "container " + action.container() + " is killed");
            known(action).ifPresent(ContainerRun::kill);
        }
    }

    private void start(PodAction.Start start, PodSpec spec) {
        ContainerRuntime.Identity identity = new ContainerRuntime.Identity(
                key.name(),
                uid,
                start.container(),
                start.attempt(),
                spec.hostname().orElse(key.name()));
        spec.containers().stream()
                .filter(container -> container.name().equals(start.container()))
                .map(container ->
                        new ContainerRun(seams, new ContainerRuntime.Order(identity, container, spec), notices))
                .filter(run -> admission.admits(() -> runs.put(start.container(), run)))
                .forEach(ContainerRun::start);
    }

    private Optional<ContainerRun> known(PodAction action) {
        return Optional.ofNullable(runs.get(action.container()));
    }

    void killAll() {
        runs.values().forEach(ContainerRun::kill);
    }

    /** Completed when nothing is left of those that were started so far. */
    CompletableFuture<Void> whenGone() {
        return CompletableFuture.allOf(
                runs.values().stream().map(ContainerRun::whenGone).toArray(CompletableFuture<?>[]::new));
    }

    /** Whether nothing of them is left. */
    boolean finished() {
        return runs.values().stream().allMatch(run -> run.observation() instanceof Observation.Gone);
    }

    Optional<String> output(String container) {
        return Optional.ofNullable(runs.get(container)).map(ContainerRun::output);
    }
}
