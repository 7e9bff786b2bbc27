package dev.corral.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A body with its queue and its watch. It owns no thread: taking in what the watch tells is one task of the executor, some passes
 * in a row are another.
 */
final class RunningLoop {
    private static final Logger LOG = LoggerFactory.getLogger(RunningLoop.class);
    private static final Duration SAFETY_NET = Duration.ofHours(10);
    /** How long until a store that could not be read is asked again. */
    private static final Duration READ_AGAIN = Duration.ofSeconds(1);
    /**
     * For how long, and for how many passes, a worker goes on before it lets the executor's other tasks have their turn. To wake a
     * thread for each pass costs more than most passes.
     */
    private static final Duration STRIDE = Duration.ofMillis(1);

    private static final int MOST_PASSES = 64;

    private final Body body;
    private final World world;
    private final Settings settings;
    private final Store store;
    private final Listeners listener;
    private final Passes passes;
    private final Outside outside;
    private final WorkQueue<Subject> queue;
    private final Intake intake;
    private final Jitter jitter;
    private final Deliveries deliveries;
    private final Task delivering;
    private final Task working;
    private final ReentrantLock delivery = new ReentrantLock();
    private final AtomicBoolean deliveryAsked = new AtomicBoolean();
    private final AtomicInteger busy = new AtomicInteger();
    /** A worker was asked for and has not begun. */
    private final AtomicBoolean coming = new AtomicBoolean();
    /** When the last pass of a key began; kept only where a least interval is asked for. */
    private final Map<Subject, Instant> begun = new ConcurrentHashMap<>();

    /** Each task of the executor is one pass, or one loop's intake. */
    private volatile boolean stepwise;

    private volatile boolean running;
    private volatile boolean stopped;
    private volatile boolean refused;
    private volatile Optional<String> problem = Optional.empty();
    private volatile Runnable unsubscribe = () -> {};
    private volatile Runnable unfollow = () -> {};

    RunningLoop(
            Body body,
            Store store,
            World world,
            Deliveries deliveries,
            Events events,
            Listeners listener,
            Settings settings) {
        this.body = body;
        this.store = store;
        this.world = world;
        this.deliveries = deliveries;
        this.settings = settings;
        this.listener = listener;
        this.jitter = new Jitter(world.random());
        this.passes = new Passes(body, world, settings, events, listener);
        this.queue = new WorkQueue<>(world.clock(), settings.backoff(), jitter, this::askForWorker);
        this.outside = new Outside(body, store, world, events, queue, settings);
        this.intake = new Intake(store, world.level(Level.WARN));
        this.delivering = new Task(body.name() + ": deliver", this::deliver);
        this.working = new Task(body.name() + ": work", this::work);
    }

    WorkQueue<Subject> queue() {
        return queue;
    }

    Outside outside() {
        return outside;
    }

    Body body() {
        return body;
    }

    /** Takes in all that is stored; no pass begins yet. */
    void sync() {
        unsubscribe = store.onChange(this::askForDelivery);
        deliver();
    }

    /**
     * Lets passes begin.
     *
     * @param oneStepPerTask whether a task of the executor is no more than one pass, or what this loop takes in
     */
    void run(boolean oneStepPerTask) {
        stepwise = oneStepPerTask;
        running = true;
        unfollow = world.leadership().onChange(this::askForWorkers);
        askForDelivery();
        askForWorkers();
        outside.open();
    }

    private void askForWorkers() {
        for (int i = Math.min(settings.workers(), queue.size()); i > 0; i--) {
            askForWorker();
        }
    }

    /** Takes in nothing more. Keys that are queued are still handled. */
    void stop() {
        stopped = true;
        unsubscribe.run();
        outside.close();
        intake.close();
        queue.shutDown();
    }

    /** Takes leave of what it listens to, once nothing is left to do. */
    void end() {
        running = false;
        unfollow.run();
    }

    /** The keys whose last pass failed. */
    List<Failure> failures() {
        return passes.failures();
    }

    LoopState state() {
        return new LoopState(
                body.name(),
                intake.synced(),
                queue.size(),
                queue.waiting(),
                busy.get(),
                passes.overdue(),
                refused ? Optional.of("the executor refuses tasks") : problem);
    }

    private void askForDelivery() {
        if (running && !stopped && deliveryAsked.compareAndSet(false, true) && !taken(this::handInDelivery)) {
            deliveryAsked.set(false);
        }
    }

    private void handInDelivery() {
        if (stepwise) {
            world.executor().execute(delivering);
        } else {
            deliveries.ask(this);
        }
    }

    /** Takes in what the watch tells. */
    void deliver() {
        deliveryAsked.set(false);
        delivery.lock();
        try {
            Intake.Batch batch = intake.poll();
            problem = Optional.empty();
            batch.listed().forEach(event -> wake(event, Priority.LOW));
            batch.fresh().forEach(event -> wake(event, Priority.FRESH));
        } catch (RuntimeException e) {
            LOG.atLevel(world.level(Level.ERROR))
                    .setCause(e)
                    .log("{}: the store can't be read; it is tried again", body.name());
            problem = Optional.of("the store can't be read: " + e);
            world.clock().at(world.clock().now().plus(READ_AGAIN), new Task("read again", this::askForDelivery));
        } finally {
            delivery.unlock();
        }
    }

    private void wake(StoreEvent<?, ?> event, int priority) {
        for (Subject subject : outside.wokenBy(event)) {
            if (body.own(event, subject)) {
                continue;
            }
            body.woken(subject);
            if (priority == Priority.FRESH && !settings.debounce().isZero()) {
                queue.addAfter(subject, settings.debounce());
            } else {
                queue.add(subject, priority);
            }
        }
        tellQueue();
    }

    /**
     * Adds a worker if one is allowed; a worker that ends looks again, so no ready key is overlooked. One that was asked for and has
     * not begun is enough: when it begins it asks for the next.
     */
    private void askForWorker() {
        while (running && leads() && busy.get() < settings.workers()) {
            if (!stepwise && !coming.compareAndSet(false, true)) {
                return;
            }
            int now = busy.get();
            if (now < settings.workers() && busy.compareAndSet(now, now + 1)) {
                if (!taken(this::handInWork)) {
                    busy.decrementAndGet();
                    coming.set(false);
                }
                return;
            }
            coming.set(false);
        }
    }

    private void handInWork() {
        world.executor().execute(working);
    }

    private boolean leads() {
        return world.leadership().epoch().isPresent();
    }

    private void work() {
        coming.set(false);
        try {
            Instant now = world.clock().now();
            Instant end = stepwise ? Instant.MIN : now.plus(STRIDE);
            int passes = 0;
            do {
                Optional<WorkQueue.Taken<Subject>> next = running && leads() ? queue.take() : Optional.empty();
                if (next.isEmpty()) {
                    break;
                }
                if (!stepwise && settings.workers() > 1 && queue.size() > 0) {
                    askForWorker();
                }
                now = pass(next.get());
                // an interrupt that a pass leaves behind is the executor's to take away, as it does between tasks
            } while (++passes < MOST_PASSES
                    && now.isBefore(end)
                    && !Thread.currentThread().isInterrupted());
        } finally {
            busy.decrementAndGet();
            if (queue.size() > 0) {
                askForWorker();
            }
            tellQueue();
        }
    }

    /** Answers when it ended. */
    private Instant pass(WorkQueue.Taken<Subject> taken) {
        Subject subject = taken.key();
        try {
            Optional<Duration> early = tooEarly(subject);
            if (early.isPresent()) {
                queue.addAfter(subject, early.get(), taken.priority());
                return world.clock().now();
            }
            tellQueue();
            int failed = queue.failures(subject);
            Passes.Ended ended = passes.run(taken, failed);
            after(subject, failed, ended.outcome());
            return ended.at();
        } catch (OutOfMemoryError e) {
            problem = Optional.of("a pass ran out of memory");
            throw e;
        } finally {
            queue.done(subject);
        }
    }

    /** How long a key has to wait because its last pass began just now. */
    private Optional<Duration> tooEarly(Subject subject) {
        if (settings.minInterval().isZero()) {
            return Optional.empty();
        }
        Instant now = world.clock().now();
        Instant last = begun.get(subject);
        Instant next = last == null ? now : last.plus(settings.minInterval());
        if (next.isAfter(now)) {
            return Optional.of(Duration.between(now, next));
        }
        begun.put(subject, now);
        return Optional.empty();
    }

    private void after(Subject subject, int failed, Outcome outcome) {
        if (outcome instanceof Outcome.Retry retry) {
            if (retry.cause() instanceof LeadershipLost lost && !lost.fenced()) {
                queue.add(subject);
            } else {
                queue.addRateLimited(subject);
            }
            return;
        }
        if (failed > 0) {
            queue.forget(subject);
        }
        outcome.again().ifPresent(time -> queue.addAt(subject, time));
        if (body.exists(subject)) {
            // The safety net: whatever was missed is seen after half a day at the latest.
            queue.addAfter(subject, jitter.spread(SAFETY_NET), Priority.LOW);
        } else if (outcome.error().isEmpty()) {
            begun.remove(subject);
            queue.dropDelayed(subject, Priority.LOW);
        }
    }

    private void tellQueue() {
        if (!listener.any()) {
            return;
        }
        try {
            listener.queueChanged(body.name(), queue.size(), busy.get());
        } catch (RuntimeException e) {
            LOG.error("a listener of the engine threw", e);
        }
    }

    /** Answers whether the executor took the task; if it didn't, the next change asks again. */
    private boolean taken(Runnable handIn) {
        try {
            handIn.run();
            refused = false;
            return true;
        } catch (RejectedExecutionException e) {
            if (stopped) {
                // Its threads have ended before somebody's last question; what is left undone the drain tells.
                LOG.debug("{}: a task came after the end", body.name(), e);
                return false;
            }
            refused = true;
            LOG.error("{}: the executor refuses tasks, so this loop stands still", body.name(), e);
            return false;
        }
    }
}
