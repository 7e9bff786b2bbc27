package dev.corral.reconcile;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An executor that collects tasks until the test runs them, on its own thread. */
final class Tasks implements Executor {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

    private volatile boolean refusing;

    /** Refuses tasks from now on, or takes them again. */
    void refuse(boolean refuse) {
        refusing = refuse;
    }

    @Override
    public void execute(Runnable task) {
        if (refusing) {
            throw new RejectedExecutionException("on purpose");
        }
        waiting.add(task);
    }

    /** Runs the first task; an error if none waits. */
    void runOne() {
        waiting.remove().run();
    }

    /** Runs tasks, those added on the way included, until none is left. */
    void runAll() {
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
        }
    }
}
