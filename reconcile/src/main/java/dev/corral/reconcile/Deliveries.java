package dev.corral.reconcile;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the loops of a manager take in what their watches tell. A change concerns a dozen loops and is nothing to most of them, so
 * one task serves one loop after the other; only while it is at work on one and others wait does another task go on with those, so
 * that a slow one delays nobody.
 */
final class Deliveries {
    private final Executor executor;
    private final Task task = new Task("deliver", this::deliver);
    private final Queue<RunningLoop> waiting = new ConcurrentLinkedQueue<>();
    /** A task was handed in and has not begun. */
    private final AtomicBoolean coming = new AtomicBoolean();

    Deliveries(Executor executor) {
        this.executor = executor;
    }

    /**
     * Has a loop served.
     *
     * @throws RejectedExecutionException if the executor takes no task; then the loop has to ask again
     */
    void ask(RunningLoop loop) {
        waiting.add(loop);
        try {
            summon();
        } catch (RejectedExecutionException e) {
            waiting.remove(loop);
            throw e;
        }
    }

    private void summon() {
        if (coming.compareAndSet(false, true)) {
            try {
                executor.execute(task);
            } catch (RejectedExecutionException e) {
                coming.set(false);
                throw e;
            }
        }
    }

    private void deliver() {
        coming.set(false);
        for (RunningLoop next = waiting.poll(); next != null; next = waiting.poll()) {
            if (!waiting.isEmpty()) {
                summonAnother();
            }
            next.deliver();
        }
    }

    /** Refused it is no matter: this task goes on with what waits. */
    private void summonAnother() {
        try {
            summon();
        } catch (RejectedExecutionException alone) {
            // whoever waits is served by this task
        }
    }
}
