package dev.corral.reconcile.plane;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a plane's work is done.
 *
 * @param end ends the threads, if they are the plane's own
 */
record Threads(Executor executor, Runnable end) {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
    private static final long PATIENCE_SECONDS = 10;

    static Threads of(Executor executor) {
        return new Threads(executor, () -> {});
    }

    /** Daemon threads, as many as there is work for. */
    static Threads own() {
        AtomicInteger number = new AtomicInteger();
        ExecutorService service = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "corral-plane-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        return new Threads(service, () -> end(service));
    }

    private static void end(ExecutorService service) {
        service.shutdown();
        try {
            if (!service.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("a task did not end within {} s after the end; it is interrupted", PATIENCE_SECONDS);
                service.shutdownNow();
            }
        } catch (InterruptedException hurry) {
            service.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
