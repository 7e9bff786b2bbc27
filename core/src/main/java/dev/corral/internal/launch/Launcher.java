package dev.corral.internal.launch;

import dev.corral.internal.linux.Poller;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Starts payloads and waits for their end. One for a JVM is enough; its threads are daemons and start on first use.
 *
 * <ul>
 *   <li>{@code corral-launch}: spawn and handshake. They never end: the kernel ties a payload's parent-death signal to the
 *       thread that spawned it.
 *   <li>{@code corral-wait}: one, in epoll over pidfds and pipes.
 *   <li>{@code corral-exit}: reap, explain and tell; they end when idle.
 *   <li>{@code corral-output}: read what payloads write, each one stream; they end when idle.
 * </ul>
 */
public final class Launcher {
    /** The number of the protocol that it speaks with its program. */
    public static final int PROTOCOL = LaunchMessage.PROTOCOL;

    private static final int LAUNCH_THREADS =
            Math.max(2, Math.min(8, Runtime.getRuntime().availableProcessors()));

    private final LauncherImage image;
    private final Poller poller = new Poller("corral-wait");
    private final Executor launches = new ThreadPoolExecutor(
            LAUNCH_THREADS, LAUNCH_THREADS, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory("corral-launch"));
    private final Executor exits = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 2, TimeUnit.SECONDS, new SynchronousQueue<>(), factory("corral-exit"));

    private final Executor outputs = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 2, TimeUnit.SECONDS, new SynchronousQueue<>(), factory("corral-output"));
    private final AtShutdown atShutdown = new AtShutdown();

    Launcher(LauncherImage image) {
        this.image = image;
    }

    /** Loads the launcher program; no process or thread is started yet. */
    public static Launcher load() throws IOException {
        return new Launcher(LauncherImage.load());
    }

    /** A launcher that is installed somewhere; it may be of another version. */
    public static Launcher at(Path program) throws IOException {
        return new Launcher(LauncherImage.at(program));
    }

    /** Where the program is, as the JVM's children find it. */
    public Path program() {
        return image.path();
    }

    public Poller poller() {
        return poller;
    }

    /** Where ends are reaped and told. */
    public Executor exits() {
        return exits;
    }

    /** Where the output of payloads is read, for as long as it lasts. */
    public Executor outputs() {
        return outputs;
    }

    /** What is to be ended when this JVM ends. */
    public AtShutdown atShutdown() {
        return atShutdown;
    }

    /** A launch under way. */
    public static final class Pending<T> {
        private final CompletableFuture<T> result = new CompletableFuture<>();
        private final AtomicBoolean cancelled = new AtomicBoolean();

        Pending() {}

        /** Completes with what comes of it, or with StepFailed, LaunchBroken or ErrnoException. */
        public CompletableFuture<T> result() {
            return result;
        }

        /** Asks for the launch to be given up; {@link #result} completes soon, as if nothing had happened if it was too late. */
        public void cancel() {
            cancelled.set(true);
        }

        boolean isCancelled() {
            return cancelled.get();
        }
    }

    /** Starts a plan; a payload that is to rest is answered as soon as it does. */
    public Pending<Launched> launch(LaunchRequest request, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        return perform(pending -> new Handshake(image, new Reaper(poller), request, deadline, pending).run());
    }

    /** Starts a payload that rests. Whatever comes of it, the payload stays the caller's. */
    public Pending<Boolean> resume(Handshake rest, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        return perform(pending -> rest.resume(deadline, pending));
    }

    private <T> Pending<T> perform(Function<Pending<T>, T> work) {
        Pending<T> pending = new Pending<>();
        launches.execute(() -> {
            try {
                pending.result.complete(work.apply(pending));
            } catch (Throwable failed) { // the caller's to handle, whatever it is; this thread must live on
                pending.result.completeExceptionally(failed);
            }
        });
        return pending;
    }

    private static java.util.concurrent.ThreadFactory factory(String name) {
        AtomicInteger next = new AtomicInteger();
        return task -> {
            // No inherited thread locals or class loader: the threads outlive whoever happens to come first.
            Thread thread = new Thread(null, task, name + "-" + next.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        };
    }
}
