package dev.corral.reconcile.plane;

import dev.corral.Requirement;
import dev.corral.reconcile.Clock;
import dev.corral.reconcile.ControllerManager;
import dev.corral.reconcile.ControllerOptions;
import dev.corral.reconcile.Kind;
import dev.corral.reconcile.Reconciler;
import dev.corral.reconcile.Store;
import dev.corral.reconcile.node.ProbeFunction;
import dev.corral.reconcile.node.Prober;
import dev.corral.reconcile.node.ProcessRuntime;
import dev.corral.reconcile.node.StandardProber;
import dev.corral.reconcile.workload.ContainerRuntime;
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

    private LocalPlane(
            List<Consumer<ControllerManager>> controllers,
            Requirement limits,
            Optional<Clock> clock,
            Optional<Executor> executor,
            Optional<ContainerRuntime> runtime,
            Optional<Prober> prober,
            Map<String, ProbeFunction> functions) {
        this.controllers = List.copyOf(controllers);
        this.limits = limits;
        this.clock = clock;
        this.executor = executor;
        this.runtime = runtime;
        this.prober = prober;
        this.functions = Map.copyOf(functions);
    }

    static LocalPlane standard() {
        return new LocalPlane(
                List.of(),
                Requirement.ENFORCE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
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
        return new LocalPlane(more, limits, clock, executor, runtime, prober, functions);
    }

    /**
     * Starts containers even where this host can't enforce their limits; the pod's condition {@code LimitsEnforced} and an
     * event say which ones. Without it such a container is not started.
     */
    public LocalPlane bestEffortLimits() {
        return new LocalPlane(controllers, Requirement.BEST_EFFORT, clock, executor, runtime, prober, functions);
    }

    /** On another time than the system's. */
    public LocalPlane clock(Clock other) {
        return new LocalPlane(controllers, limits, Optional.of(other), executor, runtime, prober, functions);
    }

    /** On threads of somebody else's, who ends them; at least one of them has to be free while containers start and end. */
    public LocalPlane executor(Executor other) {
        return new LocalPlane(controllers, limits, clock, Optional.of(other), runtime, prober, functions);
    }

    /** With another way to run containers than as child processes. */
    public LocalPlane runtime(ContainerRuntime other) {
        return new LocalPlane(controllers, limits, clock, executor, Optional.of(other), prober, functions);
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
        return new LocalPlane(controllers, limits, clock, executor, runtime, prober, more);
    }

    /** With another way to ask containers how they are than their probes say. */
    public LocalPlane prober(Prober other) {
        return new LocalPlane(controllers, limits, clock, executor, runtime, Optional.of(other), functions);
    }

    /** Starts it, with nothing declared yet. It belongs to the caller, who closes it. */
    public ControlPlane start() {
        Clock time = clock.orElseGet(Clock::system);
        Threads threads = executor.map(Threads::of).orElseGet(Threads::own);
        Store store = Store.inMemory(time, () -> UUID.randomUUID().toString());
        Machinery machinery = new Machinery(
                store,
                time,
                clock.isPresent() ? threads : threads.andThen(time::rest),
                runtime.orElseGet(() -> new ProcessRuntime(threads.executor(), limits)),
                prober.orElseGet(() -> new StandardProber(functions, threads.executor())),
                controllers);
        machinery.start();
        return new ControlPlane(store, machinery);
    }
}
