package dev.corral.internal.launch;

import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.Poller;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/** A payload that was launched, until it is reaped: signals go to it, its end comes from it. Safe for any thread. */
public final class Running {
    private final Launched launched;
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    private final ReentrantLock handle = new ReentrantLock();

    private Running(Launched launched) {
        this.launched = launched;
    }

    /**
     * How it ended.
     *
     * @param waited status and usage of the payload; empty when other code of the JVM reaped it and no init reported
     */
    public record Ended(Optional<LibC.Waited> waited) {}

    /** Takes the descriptors over and waits for the end. */
    public static Running watch(Launched launched, Launcher launcher) {
        Running running = new Running(launched);
        Poller.Watch watch = launcher.poller().watch(launched.pidfd().number());
        try {
            watch.once(LibC.POLLIN, () -> running.endOn(launcher.exits(), watch));
        } catch (RuntimeException | Error failed) {
            // Nobody would ever hear of its end.
            new Reaper(launcher.poller()).end(launched.pid());
            running.close();
            throw failed;
        }
        return running;
    }

    public int pid() {
        return launched.pid();
    }

    public int payload() {
        return launched.payload();
    }

    /** Completes on a thread of the launcher's, after the process is reaped. */
    public CompletableFuture<Ended> ended() {
        return ended;
    }

    /** Sends a signal to the direct child; false when it has ended. */
    public boolean signal(int number) {
        handle.lock();
        try {
            return launched.pidfd().isOpen()
                    && LibC.pidfdSignal(launched.pidfd().number(), number);
        } finally {
            handle.unlock();
        }
    }

    private void endOn(Executor exits, Poller.Watch watch) {
        try {
            exits.execute(() -> end(watch));
        } catch (OutOfMemoryError noThread) { // better late for others, here, than never for this one
            end(watch);
        }
    }

    private void end(Poller.Watch watch) {
        try {
            ended.complete(reap(watch));
        } catch (Throwable failed) { // whoever waits must hear of it
            ended.completeExceptionally(failed);
        }
    }

    private Ended reap(Poller.Watch watch) {
        try {
            watch.close();
            Optional<LibC.Waited> own = LibC.waitFor(launched.pid());
            // Init's word is about the payload itself; the wait status is only about init.
            Optional<LibC.Waited> reported = ExitRecord.read(launched.status());
            return new Ended(reported.isPresent() ? reported : own);
        } finally {
            close();
        }
    }

    private void close() {
        handle.lock();
        try {
            launched.close();
        } finally {
            handle.unlock();
        }
    }
}
