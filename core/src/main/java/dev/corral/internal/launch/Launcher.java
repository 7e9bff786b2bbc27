package dev.corral.internal.launch;

import dev.corral.internal.linux.HomeNamespaces;
import dev.corral.internal.linux.Poller;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts payloads and waits for their end. One for a JVM is enough; its threads are daemons and start on first use.
 *
 * <ul>
 *   <li>{@code corral-launch}: spawn. They never end: the kernel ties a payload's parent-death signal to the thread that
 *       spawned it.
 *   <li>{@code corral-talk}: converse with launchers in place of virtual threads; they end when idle. Any other thread
 *       converses itself.
 *   <li>{@code corral-wait}: one, in epoll over pidfds and pipes. It reaps, unless somebody waits for the end just then.
 *   <li>{@code corral-exit}: explain ends, and tell of them to whoever wants to be called; they end when idle.
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
    private final Executor exits = idle("corral-exit");
    private final Executor outputs = idle("corral-output");
    private final Talks talks = new Talks(idle("corral-talk"));
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

    /** Where ends are explained and told; if there is no thread to be had, on the one that hears of them. */
    public Executor exits() {
        return task -> {
            try {
                exits.execute(task);
            } catch (Throwable noThread) { // whoever waits must hear of the end
                task.run();
            }
        };
    }

    /** Where the output of payloads is read, for as long as it lasts. */
    public Executor outputs() {
        return outputs;
    }

    /** What is to be ended when this JVM ends. */
    public AtShutdown atShutdown() {
        return atShutdown;
    }

    /** Has the launcher's process started, while the caller makes a request of it. {@link #launch} or giving up follows. */
    public Handshake begin() {
        return Handshake.begin(launches, image, new Reaper(poller));
    }

    /**
     * Goes on with what was begun; a payload that is to rest is answered as soon as it does. What comes of it is told, or
     * thrown: StepFailed, LaunchBroken, ErrnoException, or what the request's waits throw. An interrupt of the caller gives it
     * up, as LaunchBroken, unless it comes too late; the caller is still interrupted then.
     */
    public Launched launch(Handshake begun, LaunchRequest request, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            Prepared prepared = Prepared.of(request);
            return talks.hold(cancelled -> begun.run(prepared, deadline, cancelled), prepared::close);
        } catch (RuntimeException | Error failed) {
            begun.giveUp();
            throw failed;
        }
    }

    /** Starts a payload that rests. Whatever comes of it, the payload stays the caller's. */
    public void resume(Handshake rest, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        talks.hold(cancelled -> rest.resume(deadline, cancelled), () -> {});
    }

    /** Threads that end when they have nothing to do. */
    private static Executor idle(String name) {
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 2, TimeUnit.SECONDS, new SynchronousQueue<>(), factory(name));
    }

    private static ThreadFactory factory(String name) {
        AtomicInteger next = new AtomicInteger();
        return task -> {
            // No inherited thread locals or class loader: the threads outlive whoever happens to come first.
            Runnable atHome = () -> {
                HomeNamespaces.enter();
                task.run();
            };
            Thread thread = new Thread(null, atHome, name + "-" + next.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
        };
    }
}
