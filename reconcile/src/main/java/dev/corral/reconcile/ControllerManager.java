package dev.corral.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs controllers and loops over a store, does the effects that plans declare, and deletes what a deleted resource leaves
 * behind.
 *
 * <p>A pass that throws is repeated after 5 ms, then 10, 20 and so on up to 30 s, a tenth more or less, and disturbs no other
 * key; {@link #failures} and {@link #events} show it. After a {@link TerminalException}, or a plan with a child that its kind
 * refuses, nothing is done until something changes. Besides, every resource is looked at again each 10 h, a tenth more or less.
 *
 * <p>Controllers and loops are added before the start. Any thread may use it.
 */
public final class ControllerManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerManager.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    /** How many effects may be under way at once. */
    private static final int EFFECT_WORKERS = 16;

    private final Store store;
    private final World world;
    private final Runnable stopExecutor;
    private final Listeners listeners = new Listeners();
    private final Events events;
    private final EffectBody effects;
    private final Deliveries deliveries;
    private final RunningLoop effectLoop;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RunningLoop> loops = new ArrayList<>();
    private final List<Controller<?, ?>> controllers = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private final Set<Kind<?, ?>> known = ConcurrentHashMap.newKeySet();
    private boolean stepwise;
    private boolean started;
    private boolean closed;

    private ControllerManager(Store store, World world, Runnable stopExecutor) {
        this.store = store;
        this.world = world;
        this.stopExecutor = stopExecutor;
        this.events = new Events(world.clock(), listeners);
        this.effects = new EffectBody(store, world);
        this.deliveries = new Deliveries(world.executor());
        add(new Collector(store, world), ControllerOptions.none());
        this.effectLoop = add(effects, ControllerOptions.none().workers(EFFECT_WORKERS));
    }

    /** A manager on the system's time, with daemon threads of its own that exist while there is work. */
    public static ControllerManager over(Store store) {
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "corral-loop-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        Clock clock = Clock.system();
        return new ControllerManager(store, new World(clock, threads, new Random(), Leadership.always(), false), () -> {
            threads.shutdownNow();
            clock.rest();
        });
    }

    /**
     * A manager that takes all it needs from the outside.
     *
     * @param executor runs every pass, some in a row as one task; stays open when the manager is closed
     * @param random spreads repetitions
     */
    public static ControllerManager over(Store store, Clock clock, Executor executor, RandomGenerator random) {
        return over(store, clock, executor, random, Leadership.always());
    }

    /**
     * A manager that takes all it needs from the outside, and does nothing while it doesn't lead.
     *
     * @param executor runs every pass, some in a row as one task; stays open when the manager is closed. Each task's
     *     {@code toString} says what it is.
     * @param random spreads repetitions
     * @param leadership who may write; asked before each pass and each write
     */
    public static ControllerManager over(
            Store store, Clock clock, Executor executor, RandomGenerator random, Leadership leadership) {
        return new ControllerManager(store, new World(clock, executor, random, leadership, false), () -> {});
    }

    /**
     * A manager for a world in which things fail on purpose, such as a simulated one: as {@link #over(Store, Clock, Executor,
     * RandomGenerator, Leadership)}, but passes that fail and stores that break are logged at level debug. Listeners and events
     * are told of them all the same.
     */
    public static ControllerManager rehearsing(
            Store store, Clock clock, Executor executor, RandomGenerator random, Leadership leadership) {
        return new ControllerManager(store, new World(clock, executor, random, leadership, true), () -> {});
    }

    /**
     * Adds a controller, woken by its own kind (the status apart) and by children.
     *
     * @throws IllegalArgumentException if the kind has one already
     * @throws IllegalStateException after the start
     */
    public <S, T> ControllerManager controller(Kind<S, T> kind, Reconciler<S, T> reconciler) {
        return controller(kind, reconciler, UnaryOperator.identity());
    }

    /**
     * Adds a controller, woken by its own kind (the status apart), by children and by what the options name.
     *
     * @throws IllegalArgumentException if the kind has one already, or the options are those of a loop
     * @throws IllegalStateException after the start
     */
    public <S, T> ControllerManager controller(
            Kind<S, T> kind, Reconciler<S, T> reconciler, UnaryOperator<ControllerOptions<S, T>> options) {
        ControllerOptions<S, T> chosen = options.apply(ControllerOptions.none());
        chosen.requireController();
        Planner<S, T> planner = new Planner<>(kind, reconciler, chosen.cleanup, known::contains);
        Controller<S, T> controller = new Controller<>(planner, chosen, store, world, events, this::declared);
        add(controller, chosen);
        controllers.add(controller);
        known.add(kind);
        known.addAll(chosen.owned);
        chosen.adoptions.forEach(adoption -> known.add(adoption.kind()));
        return this;
    }

    private void declared(Resource<?, ?> owner, List<Effect> declared) {
        effects.declared(Subject.of(owner), owner.metadata(), declared, effectLoop.queue()::add);
    }

    /**
     * Adds a loop of effects over the resources of a kind, woken by every change of them.
     *
     * @param name how it is called in logs, events and failures
     * @throws IllegalArgumentException if there is one of this name already
     * @throws IllegalStateException after the start
     */
    public Loop loop(String name, Kind<?, ?> kind, KeyHandler handler) {
        return loop(name, kind, handler, UnaryOperator.identity());
    }

    /**
     * Adds a loop of effects over the resources of a kind, woken by every change of them and by what the options name.
     *
     * @param name how it is called in logs, events and failures
     * @throws IllegalArgumentException if there is one of this name already, or the options are those of a controller
     * @throws IllegalStateException after the start
     */
    public <S, T> Loop loop(
            String name, Kind<S, T> kind, KeyHandler handler, UnaryOperator<ControllerOptions<S, T>> options) {
        ControllerOptions<S, T> chosen = options.apply(ControllerOptions.none());
        chosen.requireLoop();
        RunningLoop loop = add(new HandlerBody<>(name, kind, chosen.wakeOn, chosen.concerns, handler, store), chosen);
        known.add(kind);
        return new LoopHandle(loop, kind, events);
    }

    /**
     * Lets plans of all controllers have children of these kinds, although nobody here runs them: plain data, or the work of
     * another manager.
     */
    public ControllerManager knows(Kind<?, ?>... kinds) {
        known.addAll(List.of(kinds));
        return this;
    }

    /**
     * Has each task that the executor gets be one step: one pass, or what one loop takes in of the store. Otherwise a worker goes on
     * for about a millisecond, for as long as keys are ready, because to hand over each pass costs more than most passes. For
     * whoever orders the steps, such as a simulation.
     *
     * @throws IllegalStateException after the start
     */
    public ControllerManager stepwise() {
        lock.lock();
        try {
            requireNew();
            stepwise = true;
        } finally {
            lock.unlock();
        }
        return this;
    }

    /** Tells somebody what is done from now on; see {@link EngineListener}. */
    public ControllerManager listener(EngineListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * The handle of a kind's controller, to wake its keys from outside and to add what else wakes them.
     *
     * @throws IllegalArgumentException if the kind has no controller here
     */
    public Loop handle(Kind<?, ?> kind) {
        return loops().stream()
                .filter(loop -> loop.body() instanceof Controller<?, ?> controller
                        && controller.kind().filter(kind::equals).isPresent())
                .findFirst()
                .<Loop>map(loop -> new LoopHandle(loop, kind, events))
                .orElseThrow(() -> new IllegalArgumentException("there is no controller for " + kind));
    }

    /** Whether a kind has a controller here. */
    public boolean controls(Kind<?, ?> kind) {
        return controllers().stream()
                .anyMatch(controller -> controller.planner().kind().equals(kind));
    }

    /** The kind of a name, if a controller or loop here works on it or makes such. */
    public Optional<Kind<?, ?>> kind(String name) {
        for (Kind<?, ?> kind : known) {
            if (kind.name().equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /**
     * Takes in all that is stored, for every controller, and then sets them running.
     *
     * @throws IllegalStateException at the second call, or after the end
     */
    public ControllerManager start() {
        lock.lock();
        try {
            requireNew();
            started = true;
            loops.forEach(RunningLoop::sync);
            loops.forEach(loop -> loop.run(stepwise));
        } finally {
            lock.unlock();
        }
        return this;
    }

    /**
     * A dry run: what would change if this were applied, by it and by the plans that follow from it. Nothing is stored and no
     * effect is run; what controllers do later, when statuses have changed, isn't part of it.
     *
     * @throws InvalidSpec if it breaks rules of its kind, or a child of its plan does
     * @throws Exception whatever a reconciler throws
     */
    public List<PlannedChange> plan(Declared<?, ?> declared) throws Exception {
        Subject about = new Subject(declared.kind(), Key.of(declared.name()));
        Commit apply = Commit.by("").apply(Key.DEFAULT_NAMESPACE, declared);
        return DryRun.of(controllers(), store, apply, about, world.clock().now());
    }

    /** The keys whose last pass failed; empty when all is well. */
    public List<Failure> failures() {
        return loops().stream().flatMap(loop -> loop.failures().stream()).toList();
    }

    /** Every controller and loop as it is now, those included by which the engine does effects and collects. */
    public List<LoopState> loopStates() {
        return loops().stream().map(RunningLoop::state).toList();
    }

    /** Whether everything that was stored at the start has been taken in by every controller and loop. */
    public boolean ready() {
        return loopStates().stream().allMatch(LoopState::synced);
    }

    /**
     * Whether every loop can do its work. A failing pass doesn't make it unhealthy; an executor that refuses work, a store that
     * can't be read, and a pass that goes on after its time-out do.
     */
    public boolean healthy() {
        return loopStates().stream().allMatch(LoopState::healthy);
    }

    /** What controllers and loops told, and which passes failed: the latest 1024, by when they happened last. */
    public List<Event> events() {
        return events.latest();
    }

    /**
     * Ends it: nothing new is taken in, what is queued and under way is finished within 10 s, what isn't is interrupted; then the
     * leadership is released. An interrupt of this call cuts the wait short and is kept. Twice is the same as once.
     */
    @Override
    public void close() {
        if (!closing()) {
            return;
        }
        loops().forEach(RunningLoop::stop);
        if (started) {
            drain();
        }
        loops().forEach(RunningLoop::end);
        world.leadership().release();
        stopExecutor.run();
    }

    /**
     * Ends it as a crash would: nothing that is queued is begun, nothing under way is waited for, and the leadership is kept.
     * The store stays as it is. For simulations, and for a process that shall not wait.
     */
    public void abandon() {
        if (!closing()) {
            return;
        }
        loops().forEach(RunningLoop::end);
        loops().forEach(RunningLoop::stop);
        stopExecutor.run();
    }

    private boolean closing() {
        lock.lock();
        try {
            boolean first = !closed;
            closed = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        var deadline = world.clock().now().plus(DRAIN);
        try {
            for (RunningLoop loop : loops()) {
                if (!loop.queue()
                        .shutDownWithDrain(Duration.between(world.clock().now(), deadline))) {
                    LOG.warn("a pass did not end within {} after the end; it is interrupted", DRAIN);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private RunningLoop add(Body body, ControllerOptions<?, ?> options) {
        lock.lock();
        try {
            requireNew();
            if (!names.add(body.name())) {
                throw new IllegalArgumentException("there is a controller or loop named " + body.name() + " already");
            }
            RunningLoop loop = new RunningLoop(body, store, world, deliveries, events, listeners, Settings.of(options));
            loops.add(loop);
            return loop;
        } finally {
            lock.unlock();
        }
    }

    private void requireNew() {
        if (started || closed) {
            throw new IllegalStateException(closed ? "the manager is closed" : "the manager has started");
        }
    }

    private List<RunningLoop> loops() {
        lock.lock();
        try {
            return List.copyOf(loops);
        } finally {
            lock.unlock();
        }
    }

    private List<Controller<?, ?>> controllers() {
        lock.lock();
        try {
            return List.copyOf(controllers);
        } finally {
            lock.unlock();
        }
    }
}
