package dev.corral.reconcile.plane;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** Keeps tasks until the test runs them, one by one, on its own thread. */
final class Tasks implements Executor {
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private volatile boolean direct;

    @Override
    public void execute(Runnable task) {
        if (direct) {
            task.run();
        } else {
            waiting.add(task);
        }
    }

    /**
     * Runs what waits and what comes of it, and calls after each task.
     *
     * @return how many tasks ran
     */
    int settle(Runnable afterEach) {
        int ran = 0;
        for (Optional<Runnable> task = next(); task.isPresent(); task = next()) {
            task.get().run();
            afterEach.run();
            ran++;
        }
        return ran;
    }

    /** From now on tasks run where they are given. */
    void runDirectly() {
        direct = true;
    }

    private Optional<Runnable> next() {
        return Optional.ofNullable(waiting.poll());
    }
}
