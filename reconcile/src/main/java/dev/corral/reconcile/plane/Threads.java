package dev.corral.reconcile.plane;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a plane's work is done.
 *
 * @param end ends the threads, if they are the plane's own
 */
record Threads(Executor executor, Runnable end) {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static Threads of(Executor executor) {
        return new Threads(executor, () -> {});
    }

    /** The same, with more to do once the threads have ended. */
    Threads andThen(Runnable more) {
        return new Threads(executor, () -> {
            end.run();
            more.run();
        });
    }

    /** Daemon threads, as many as there is work for; none is left after the end, unless it hangs. */
    static Threads own() {
        OwnThreads threads = new OwnThreads();
        ExecutorService service = Executors.newCachedThreadPool(threads);
        return new Threads(service, () -> end(service, threads));
    }

    private static void end(ExecutorService service, OwnThreads threads) {
        boolean interrupted = false;
        service.shutdown();
        try {
            if (!service.awaitTermination(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("a task did not end within {} after the end; it is interrupted", PATIENCE);
                service.shutdownNow();
            }
        } catch (InterruptedException hurry) {
            interrupted = true;
            service.shutdownNow();
        }
        threads.join(PATIENCE);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
