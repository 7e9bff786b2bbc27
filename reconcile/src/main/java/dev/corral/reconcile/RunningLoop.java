package dev.corral.reconcile;

import java.time.Duration;
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

/**
 * A body with its queue and its watch. It owns no thread: taking in what the watch tells is one task of the executor, each pass
 * is another. Whatever a pass throws concerns its key alone.
 */
final class RunningLoop {
    private static final Logger LOG = LoggerFactory.getLogger(RunningLoop.class);
    private static final Duration WATCH_AGAIN = Duration.ofSeconds(1);
    private static final Duration SAFETY_NET = Duration.ofHours(10);

    private final Body body;
    private final Store store;
    private final World world;
    private final Events events;
    private final int workers;
    private final WorkQueue<Subject> queue;
    private final Intake intake;
    private final ReentrantLock delivery = new ReentrantLock();
    private final AtomicBoolean deliveryAsked = new AtomicBoolean();
    private final AtomicInteger active = new AtomicInteger();
    private final Map<Subject, Failure> failures = new ConcurrentHashMap<>();
    private volatile boolean running;
    private volatile boolean stopped;
    private volatile boolean broken;
    private volatile Runnable unsubscribe = () -> {};
    private volatile Runnable unfollow = () -> {};

    RunningLoop(Body body, Store store, World world, Events events, int workers) {
        this.body = body;
        this.store = store;
        this.world = world;
        this.events = events;
        this.workers = workers;
        this.queue = new WorkQueue<>(world.clock(), Backoff.standard(world.random()), this::askForWorker);
        this.intake = new Intake(store);
    }

    WorkQueue<Subject> queue() {
        return queue;
    }

    /** Takes in all that is stored; no pass begins yet. */
    void sync() {
        unsubscribe = store.onChange(this::askForDelivery);
        deliver();
    }

    /** Lets passes begin. */
    void run() {
        running = true;
        unfollow = world.leadership().onChange(this::askForWorkers);
        askForDelivery();
        askForWorkers();
    }

    private void askForWorkers() {
        for (int i = 0; i < workers; i++) {
            askForWorker();
        }
    }

    /** Takes in nothing more. Keys that are queued are still handled. */
    void stop() {
        stopped = true;
        unsubscribe.run();
        intake.close();
        queue.shutDown();
    }

    /** Begins nothing more, not even what is queued. */
    void abandon() {
        stop();
        running = false;
        unfollow.run();
    }

    /** The keys whose last pass failed. */
    List<Failure> failures() {
        return List.copyOf(failures.values());
    }

    /** Whether the executor refused the latest task, so that keys may wait in vain. */
    boolean broken() {
        return broken;
    }

    private void askForDelivery() {
        if (running && !stopped && deliveryAsked.compareAndSet(false, true) && !submit("deliver", this::deliver)) {
            deliveryAsked.set(false);
        }
    }

    private void deliver() {
        deliveryAsked.set(false);
        delivery.lock();
        try {
            intake.poll().forEach(this::wake);
        } catch (RuntimeException e) {
            LOG.warn("{}: what has changed can't be told; asked again in {}", body.name(), WATCH_AGAIN, e);
            world.clock()
                    .at(
                            world.clock().now().plus(WATCH_AGAIN),
                            new Task(body.name() + ": ask again", this::askForDelivery));
        } finally {
            delivery.unlock();
        }
    }

    private void wake(StoreEvent<?, ?> event) {
        try {
            body.wokenBy(event).forEach(queue::add);
        } catch (Throwable e) {
            LOG.error("{}: could not tell whom {} concerns; the safety net will", body.name(), event, e);
            event.latest()
                    .map(Subject::of)
                    .ifPresent(
                            about -> events.tell(Event.Type.WARNING, body.name(), about, "WatchFailed", e.toString()));
        }
    }

    /** Adds a worker if one is allowed; a worker that ends looks again, so no ready key is overlooked. */
    private void askForWorker() {
        while (running && world.leadership().epoch().isPresent()) {
            int now = active.get();
            if (now >= workers) {
                return;
            }
            if (active.compareAndSet(now, now + 1)) {
                if (!submit("work", this::work)) {
                    active.decrementAndGet();
                }
                return;
            }
        }
    }

    private void work() {
        try {
            if (running && world.leadership().epoch().isPresent()) {
                queue.poll().ifPresent(this::pass);
            }
        } finally {
            active.decrementAndGet();
            if (queue.size() > 0) {
                askForWorker();
            }
        }
    }

    /** A pass must not end the loop, whatever it throws. */
    private void pass(Subject subject) {
        try {
            Optional<Duration> again = body.handle(subject);
            queue.forget(subject);
            failures.remove(subject);
            again.ifPresent(delay -> queue.addAfter(subject, delay));
            comeBack(subject);
        } catch (InvalidSpec e) {
            Failure before = failures.get(subject);
            failed(subject, before == null ? 1 : before.attempts() + 1, e);
            comeBack(subject);
        } catch (LeadershipLost e) {
            LOG.info("{}: {} waits for a leader", body.name(), subject);
            queue.add(subject);
        } catch (InterruptedException e) {
            failed(subject, queue.addRateLimited(subject), e);
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            failed(subject, queue.addRateLimited(subject), e);
        } finally {
            queue.done(subject);
        }
    }

    /** The safety net: whatever was missed is seen after half a day at the latest. */
    private void comeBack(Subject subject) {
        if (body.exists(subject)) {
            queue.addAfter(subject, Backoff.jittered(SAFETY_NET, world.random()));
        }
    }

    private void failed(Subject subject, int attempts, Throwable error) {
        LOG.warn("{}: pass {} in a row failed for {}", body.name(), attempts, subject, error);
        failures.put(
                subject,
                new Failure(body.name(), subject.key(), attempts, world.clock().now(), error));
        events.tell(Event.Type.WARNING, body.name(), subject, "PassFailed", error.toString());
    }

    /** Answers whether the executor took the task; if it didn't, the next change asks again. */
    private boolean submit(String what, Runnable task) {
        try {
            world.executor().execute(new Task(body.name() + ": " + what, task));
            broken = false;
            return true;
        } catch (RejectedExecutionException e) {
            if (stopped) {
                // Its threads have ended before somebody's last question; what is left undone the drain tells.
                LOG.debug("{}: a task came after the end", body.name(), e);
                return false;
            }
            broken = true;
            LOG.error("{}: the executor refuses tasks, so this loop stands still", body.name(), e);
            return false;
        }
    }
}
