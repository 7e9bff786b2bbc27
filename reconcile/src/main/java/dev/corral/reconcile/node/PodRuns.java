package dev.corral.reconcile.node;

import dev.corral.CorralException;
import dev.corral.reconcile.Key;
import dev.corral.reconcile.Resource;
import dev.corral.reconcile.workload.Container;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.EndCause;
import dev.corral.reconcile.workload.Observation;
import dev.corral.reconcile.workload.PodAction;
import dev.corral.reconcile.workload.PodContents;
import dev.corral.reconcile.workload.PodSpec;
import dev.corral.reconcile.workload.PodStatus;
import dev.corral.reconcile.workload.Resized;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The newest run of each container of one pod. */
final class PodRuns {
    private final Seams seams;
    private final Key key;
    private final String uid;
    private final Notices notices;
    private final Admission admission;
    private final Map<String, ContainerRun> runs = new ConcurrentHashMap<>();
    private volatile boolean lost = true;
    private volatile @Nullable CompletableFuture<List<ContainerRuntime.Former>> formers;
    /** By which what runs is known. */
    private PodSpec spec;

    private boolean taken;
    private boolean going;

    PodRuns(Seams seams, Resource<PodSpec, PodStatus> pod, Notices notices, Admission admission) {
        this.seams = seams;
        this.key = pod.key();
        this.uid = pod.metadata().uid();
        this.spec = pod.spec();
        this.notices = notices;
        this.admission = admission;
    }

    String uid() {
        return uid;
    }

    boolean belongsTo(Resource<PodSpec, PodStatus> pod) {
        return pod.metadata().uid().equals(uid);
    }

    Map<String, Observation> observations() {
        Map<String, Observation> observations = new TreeMap<>();
        runs.forEach((container, run) -> observations.put(container, run.observation()));
        return observations;
    }

    /**
     * Does it, in a pod of this spec.
     *
     * @param status the pod's, of which the action is a part
     */
    void perform(PodAction action, PodSpec spec, PodContents contents, PodStatus status) {
        if (action instanceof PodAction.Start start) {
            start(start, spec, contents, status);
        } else if (action instanceof PodAction.PreStop stop) {
            notices.normal(
                    "Stopping", "container " + action.container() + " is told that it will end: " + stop.cause());
            known(action).ifPresent(run -> run.preStop(stop.cause()));
        } else if (action instanceof PodAction.Terminate end) {
            notices.normal("Stopping", "container " + action.container() + " is asked to end: " + end.cause());
            known(action).ifPresent(run -> run.terminate(end.cause()));
        } else if (action instanceof PodAction.Kill end) {
            notices.normal("Killing", "container " + action.container() + " is killed: " + end.cause());
            known(action).ifPresent(run -> run.kill(end.cause()));
        } else {
            runs.remove(action.container());
            seams.runtime().forget(key, action.container());
        }
    }

    /** The pod shall go: whether its containers have started and still work is not asked any more. */
    void leaving() {
        going();
        runs.values().forEach(ContainerRun::leaving);
    }

    /** Before anything is asked to end: who finds half of it must know that this was meant. */
    private synchronized void going() {
        if (!going) {
            going = true;
            try {
                seams.runtime().leaving(key);
            } catch (CorralException failed) { // it goes all the same
                notices.warning("NotRecorded", "that it is to go: " + failed.getMessage());
            }
        }
    }

    /**
     * Has what runs be known by the pod's present spec, if all of it is by that one, nothing is on its way, and this is news: a
     * change that takes no start, or the start of one container only, has to be known of the others too.
     */
    void respecified(PodSpec now) {
        if (now.equals(spec) || !runsBy(now)) {
            return;
        }
        try {
            seams.runtime().respecified(key, now);
        } catch (CorralException failed) { // then a plane that comes after this one starts it anew
            notices.warning("NotRecorded", "its present spec: " + failed.getMessage());
        }
        spec = now;
    }

    private boolean runsBy(PodSpec now) {
        return now.allContainers().stream()
                .allMatch(container -> Optional.ofNullable(runs.get(container.name()))
                        .map(ContainerRun::observation)
                        .filter(run -> !isBy(run, container))
                        .isEmpty());
    }

    private static boolean isBy(Observation run, Container container) {
        return run instanceof Observation.Gone
                || (run instanceof Observation.Live live
                        && live.stopping().isEmpty()
                        && live.definition().equals(container));
    }

    /** Whether the stored status may speak of runs that are not among these. */
    boolean lost() {
        return lost;
    }

    /** What the status says is of these from now on; false if it was before. */
    boolean found() {
        boolean before = lost;
        lost = false;
        return before;
    }

    private void start(PodAction.Start start, PodSpec spec, PodContents contents, PodStatus status) {
        ContainerRuntime.History history = status.container(start.container())
                .map(container ->
                        new ContainerRuntime.History(container.lastState(), container.backOff(), status.restarted()))
                .orElseGet(ContainerRuntime.History::none);
        run(start.container(), start.attempt(), spec, contents, history)
                .filter(run -> admission.admits(() -> runs.put(start.container(), run)))
                .ifPresent(ContainerRun::start);
    }

    private Optional<ContainerRun> run(
            String name, int attempt, PodSpec spec, PodContents contents, ContainerRuntime.History history) {
        ContainerRuntime.Identity identity = new ContainerRuntime.Identity(
                key.namespace(), key.name(), uid, name, attempt, spec.hostname().orElse(key.name()));
        return spec.allContainers().stream()
                .filter(container -> container.name().equals(name))
                .findFirst()
                .map(container -> new ContainerRun(
                        seams, new ContainerRuntime.Order(identity, container, spec, contents, history), notices));
    }

    /**
     * The status of the pod, with what was found of it when it was seen first; empty as long as something of it, which is not to
     * go on, has not ended.
     */
    Optional<PodStatus> takenOver(PodSpec spec, PodStatus status, PodContents contents) {
        CompletableFuture<List<ContainerRuntime.Former>> asked = formers;
        if (asked == null) {
            asked = seams.runtime().takeOver(key, uid, spec);
            formers = asked;
            if (!asked.isDone()) {
                CompletableFuture<Void> unused = asked.thenRun(notices::changed);
            }
        }
        if (!asked.isDone()) {
            return Optional.empty();
        }
        List<ContainerRuntime.Former> found = asked.join();
        if (taken || found.isEmpty()) {
            return Optional.of(status);
        }
        taken = true;
        lost = false;
        PodStatus now = status.found(spec, found);
        for (ContainerRuntime.Former former :
                found.stream().filter(ContainerRuntime.Former::began).toList()) {
            run(former.container(), former.attempt(), spec, contents, former.history())
                    .ifPresent(run -> {
                        runs.put(former.container(), run);
                        run.takeOver(former);
                    });
        }
        return Optional.of(now);
    }

    private Optional<ContainerRun> known(PodAction action) {
        return Optional.ofNullable(runs.get(action.container()));
    }

    void killAll() {
        going();
        runs.values().forEach(run -> run.kill(EndCause.POD));
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

    /** What a container that runs is by definition. */
    Optional<Container> definition(String container) {
        return Optional.ofNullable(runs.get(container)).flatMap(ContainerRun::definition);
    }

    /** Gives a container that runs the resources that it has in a spec. */
    Resized resize(String container, PodSpec spec) {
        ContainerRun run = runs.get(container);
        Optional<Container> wanted = spec.allContainers().stream()
                .filter(each -> each.name().equals(container))
                .findFirst();
        return run == null || wanted.isEmpty()
                ? new Resized.NeedsRestart("it does not run")
                : run.resize(new ContainerRuntime.Order(run.identity(), wanted.get(), spec, PodContents.none()));
    }

    Optional<ContainerRuntime.Run> running(String container) {
        return Optional.ofNullable(runs.get(container)).flatMap(ContainerRun::live);
    }

    Optional<String> output(String container) {
        return Optional.ofNullable(runs.get(container)).map(ContainerRun::output);
    }
}
