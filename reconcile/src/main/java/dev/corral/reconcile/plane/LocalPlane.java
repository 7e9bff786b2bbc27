package dev.corral.reconcile.plane;

import dev.corral.ByteSize;
import dev.corral.Requirement;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.ControllerOptions;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Reconciler;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.node.AdoptPolicy;
import dev.corral.reconcile.node.LogPolicy;
import dev.corral.reconcile.node.ProbeFunction;
import dev.corral.reconcile.node.Prober;
import dev.corral.reconcile.node.ProcessRuntime;
import dev.corral.reconcile.node.StandardProber;
import dev.corral.reconcile.workload.ContainerRuntime;
import dev.corral.reconcile.workload.Workloads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A control plane within this JVM before it is started. Immutable: each call gives a changed copy, and one value can be started
 * several times; two planes never meet.
 */
public final class LocalPlane {
    private final List<Consumer<ControllerManager>> controllers;
    private final Requirement limits;
    private final Optional<Clock> clock;
    private final Optional<Executor> executor;
    private final Optional<ContainerRuntime> runtime;
    private final Optional<Prober> prober;
    private final Map<String, ProbeFunction> functions;
    private final int endedPods;
    private final Optional<Path> claims;
    private final LogPolicy logs;
    private final Optional<AdoptPolicy> adopt;

    private LocalPlane(Fields fields) {
        this.controllers = List.copyOf(fields.controllers);
        this.limits = fields.limits;
        this.clock = fields.clock;
        this.executor = fields.executor;
        this.runtime = fields.runtime;
        this.prober = fields.prober;
        this.functions = Map.copyOf(fields.functions);
        this.endedPods = fields.endedPods;
        this.claims = fields.claims;
        this.logs = fields.logs;
        this.adopt = fields.adopt;
    }

    static LocalPlane standard() {
        return new LocalPlane(new Fields());
    }

    /** With a controller for a kind of one's own. */
    public <S, T> LocalPlane controller(Kind<S, T> kind, Reconciler<S, T> reconciler) {
        return controller(kind, reconciler, UnaryOperator.identity());
    }

    /** With a controller for a kind of one's own, and with options: what else wakes it, how many workers it has. */
    public <S, T> LocalPlane controller(
            Kind<S, T> kind, Reconciler<S, T> reconciler, UnaryOperator<ControllerOptions<S, T>> options) {
        List<Consumer<ControllerManager>> more = new ArrayList<>(controllers);
        more.add(manager -> manager.controller(kind, reconciler, options));
        return with(fields -> fields.controllers = more);
    }

    /**
     * Starts containers even where this host can't enforce their limits; the pod's condition {@code LimitsEnforced} and an
     * event say which ones. Without it such a container is not started.
     */
    public LocalPlane bestEffortLimits() {
        return with(fields -> fields.limits = Requirement.BEST_EFFORT);
    }

    /** On another time than the system's. */
    public LocalPlane clock(Clock other) {
        return with(fields -> fields.clock = Optional.of(other));
    }

    /** On threads of somebody else's, who ends them; at least one of them has to be free while containers start and end. */
    public LocalPlane executor(Executor other) {
        return with(fields -> fields.executor = Optional.of(other));
    }

    /** With another way to run containers than as child processes. */
    public LocalPlane runtime(ContainerRuntime other) {
        return with(fields -> fields.runtime = Optional.of(other));
    }

    /**
     * With a function that probes may name.
     *
     * @throws IllegalArgumentException if there is one of this name already
     */
    public LocalPlane probe(String name, ProbeFunction function) {
        Map<String, ProbeFunction> more = new TreeMap<>(functions);
        if (more.put(name, function) != null) {
            throw new IllegalArgumentException("there is a probe function '" + name + "' already");
        }
        return with(fields -> fields.functions = more);
    }

    /**
     * With the directories of claims below this one, each under the name of its claim, where the next plane finds them again.
     * Without it they go with the plane.
     */
    public LocalPlane claims(Path directory) {
        return with(fields -> fields.claims = Optional.of(directory));
    }

    /** With the logs of containers kept elsewhere, or more of them; without it the last 256 KiB of each run, in memory. */
    public LocalPlane logs(LogPolicy policy) {
        return with(fields -> fields.logs = policy);
    }

    /**
     * Lets pods outlive this JVM: when it is killed or ends without {@link ControlPlane#close}, they run on, and the next plane
     * with this directory takes those over whose pods it has again, by namespace, name and spec. What it has no pod for within a
     * minute is ended. Without this everything ends with the JVM. A container that can't outlive it is not started, and its
     * status says why.
     *
     * @param stateDirectory where is written down what runs; made if it is not there, and of one plane at a time
     */
    public LocalPlane adopt(Path stateDirectory) {
        return adopt(stateDirectory, AdoptPolicy.USUAL_PATIENCE);
    }

    /**
     * The same with another time.
     *
     * @param patience how long what runs from before may wait for a pod, from the start of the plane on; 0 or more
     */
    public LocalPlane adopt(Path stateDirectory, Duration patience) {
        AdoptPolicy policy = new AdoptPolicy(stateDirectory, patience);
        return with(fields -> fields.adopt = Optional.of(policy));
    }

    /** With another way to ask containers how they are than their probes say. */
    public LocalPlane prober(Prober other) {
        return with(fields -> fields.prober = Optional.of(other));
    }

    /**
     * How many pods that have ended for good stay to be looked at, 12500 unless it is said; beyond that the oldest go. A negative
     * number is an IllegalArgumentException.
     */
    public LocalPlane endedPods(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("endedPods of " + most + ": it must be 0 or more");
        }
        return with(fields -> fields.endedPods = most);
    }

    /**
     * Starts it, with nothing declared yet. It belongs to the caller, who closes it.
     *
     * @throws dev.corral.reconcile.node.StateInUse if the directory that {@link #adopt} has named is another plane's
     * @throws dev.corral.reconcile.node.StateUnusable if it can't be used
     */
    public ControlPlane start() {
        Clock time = clock.orElseGet(Clock::system);
        Threads threads = executor.map(Threads::of).orElseGet(Threads::own);
        Store store = Store.inMemory(time, () -> UUID.randomUUID().toString());
        ContainerRuntime containers = runtime.orElseGet(() -> own(threads, time));
        Threads rest =
                containers instanceof ProcessRuntime own && runtime.isEmpty() ? threads.andThen(own::close) : threads;
        Machinery machinery = new Machinery(
                store,
                time,
                clock.isPresent() ? rest : rest.andThen(time::rest),
                containers,
                prober.orElseGet(() -> new StandardProber(functions, threads.executor())),
                controllers,
                endedPods);
        machinery.start();
        if (runtime.isEmpty() && containers instanceof ProcessRuntime own) {
            own.endUnwanted(machinery::unwanted);
            machinery.whileEnding(() -> own.endUnwantedNow(machinery::unwanted));
        }
        return new ControlPlane(store, machinery);
    }

    private ProcessRuntime own(Threads threads, Clock time) {
        try {
            return new ProcessRuntime(threads.executor(), limits, time, logs, claims, adopt);
        } catch (RuntimeException | Error refused) {
            threads.end().run();
            throw refused;
        }
    }

    private LocalPlane with(Consumer<Fields> change) {
        Fields fields = new Fields();
        fields.controllers = controllers;
        fields.limits = limits;
        fields.clock = clock;
        fields.executor = executor;
        fields.runtime = runtime;
        fields.prober = prober;
        fields.functions = functions;
        fields.endedPods = endedPods;
        fields.claims = claims;
        fields.logs = logs;
        fields.adopt = adopt;
        change.accept(fields);
        return new LocalPlane(fields);
    }

    /** What can be said, as it is if nothing is. */
    private static final class Fields {
        List<Consumer<ControllerManager>> controllers = List.of();
        Requirement limits = Requirement.ENFORCE;
        Optional<Clock> clock = Optional.empty();
        Optional<Executor> executor = Optional.empty();
        Optional<ContainerRuntime> runtime = Optional.empty();
        Optional<Prober> prober = Optional.empty();
        Map<String, ProbeFunction> functions = Map.of();
        int endedPods = Workloads.ENDED_PODS;
        Optional<Path> claims = Optional.empty();
        LogPolicy logs = LogPolicy.memory(ByteSize.kibibytes(256));
        Optional<AdoptPolicy> adopt = Optional.empty();
    }
}
