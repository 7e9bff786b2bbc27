package dev.corral.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
 * Runs controllers and loops over a store, and deletes what a deleted resource leaves behind.
 *
 * <p>A pass that throws is repeated after 5 ms, then 10, 20 and so on up to 30 s, a tenth more or less, and disturbs no other
 * key; {@link #failures} and {@link #events} show it. A plan with a child that its kind refuses waits until something changes.
 * Besides, every resource is looked at again each 10 h, a tenth more or less.
 *
 * <p>Controllers and loops are added before the start. Any thread may use it.
 */
public final class ControllerManager implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerManager.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Store store;
    private final World world;
    private final Runnable stopExecutor;
    private final Events events;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<RunningLoop> loops = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private boolean started;
    private boolean closed;

    private ControllerManager(Store store, World world, Runnable stopExecutor) {
        this.store = store;
        this.world = world;
        this.stopExecutor = stopExecutor;
        this.events = new Events(world.clock());
        add(new Collector(store, world), ControllerOptions.none());
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
        return new ControllerManager(store, new World(clock, threads, new Random(), Leadership.always()), () -> {
            threads.shutdownNow();
            clock.rest();
        });
    }

    /**
     * A manager that takes all it needs from the outside.
     *
     * @param executor runs every pass; stays open when the manager is closed
     * @param random spreads repetitions
     */
    public static ControllerManager over(Store store, Clock clock, Executor executor, RandomGenerator random) {
        return over(store, clock, executor, random, Leadership.always());
    }

    /**
     * A manager that takes all it needs from the outside, and does nothing while it doesn't lead.
     *
     * @param executor runs every pass; stays open when the manager is closed. Each task's {@code toString} says what it is.
     * @param random spreads repetitions
     * @param leadership who may write; asked before each pass and each write
     */
    public static ControllerManager over(
            Store store, Clock clock, Executor executor, RandomGenerator random, Leadership leadership) {
        return new ControllerManager(store, new World(clock, executor, random, leadership), () -> {});
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
     * @throws IllegalArgumentException if the kind has one already
     * @throws IllegalStateException after the start
     */
    public <S, T> ControllerManager controller(
            Kind<S, T> kind, Reconciler<S, T> reconciler, UnaryOperator<ControllerOptions<S, T>> options) {
        ControllerOptions<S, T> chosen = options.apply(ControllerOptions.none());
        add(new Controller<>(kind, reconciler, chosen, store, world, events), chosen);
        return this;
    }

    /**
     * Adds a loop of effects over the resources of a kind, woken by every change of them.
     *
     * @param name how it is called in logs, events and failures
     * @throws IllegalArgumentException if there is one of this name already
     * @throws IllegalStateException after the start
     */
    public <S, T> Loop loop(String name, Kind<S, T> kind, KeyHandler handler) {
        return loop(name, kind, handler, UnaryOperator.identity());
    }

    /**
     * Adds a loop of effects over the resources of a kind, woken by every change of them and by what the options name.
     *
     * @param name how it is called in logs, events and failures
     * @throws IllegalArgumentException if there is one of this name already
     * @throws IllegalStateException after the start
     */
    public <S, T> Loop loop(
            String name, Kind<S, T> kind, KeyHandler handler, UnaryOperator<ControllerOptions<S, T>> options) {
        ControllerOptions<S, T> chosen = options.apply(ControllerOptions.none());
        WorkQueue<Subject> queue =
                add(new HandlerBody(name, kind, handler, chosen, store), chosen).queue();
        return new Loop() {
            @Override
            public void wake(Key key) {
                queue.add(new Subject(kind, key));
            }

            @Override
            public void wakeAfter(Key key, Duration delay) {
                queue.addAfter(new Subject(kind, key), delay);
            }

            @Override
            public void tell(Key key, Event.Type type, String reason, String message) {
                events.tell(type, name, new Subject(kind, key), reason, message);
            }
        };
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
            loops.forEach(RunningLoop::run);
        } finally {
            lock.unlock();
        }
        return this;
    }

    /** The keys whose last pass failed; empty when all is well. */
    public List<Failure> failures() {
        return loops().stream().flatMap(loop -> loop.failures().stream()).toList();
    }

    /** Whether every loop can run. A failing pass doesn't make it unhealthy; an executor that refuses work does. */
    public boolean healthy() {
        return loops().stream().noneMatch(RunningLoop::broken);
    }

    /** What controllers and loops told, and which passes failed: the latest 1024, by when they happened last. */
    public List<Event> events() {
        return events.latest();
    }

    /**
     * Ends it: nothing new is taken in, what is queued and under way is finished within 10 s, what isn't is interrupted. An
     * interrupt of this call cuts the wait short and is kept. Twice is the same as once.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        loops().forEach(RunningLoop::stop);
        if (started) {
            drain();
        }
        world.leadership().release();
        stopExecutor.run();
    }

    /**
     * Ends it as a crash would: nothing that is queued is begun, nothing under way is waited for, and the leadership is kept.
     * The store stays as it is. For simulations, and for a process that shall not wait.
     */
    public void abandon() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        loops().forEach(RunningLoop::abandon);
        stopExecutor.run();
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
            RunningLoop loop = new RunningLoop(body, store, world, events, options.workers);
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
}
