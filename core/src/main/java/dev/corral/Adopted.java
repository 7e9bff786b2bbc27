package dev.corral;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.Poller;
import dev.corral.internal.linux.ProcessCalls;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A child that another JVM has started, or this one before: it {@linkplain Command#outliveJvm outlived} that JVM, and is found
 * again by its {@link ChildId}. It is held by a descriptor, so that whatever is done here is never done to another process
 * that got its number.
 *
 * <p>It may be signalled, stopped and waited for. Its end is told, and not how it ended: that the kernel tells only to whoever
 * started it. To run something where it runs, join its namespaces: {@code Namespaces.of(adopted.payloadPid()).join()}.
 *
 * <p>It belongs to nobody: {@link #close} gives back what this JVM holds of it, and leaves it running. Safe for any thread.
 */
public final class Adopted implements AutoCloseable {
    private final ChildId id;
    private final Fd pidfd;
    private final Poller.Watch watch;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();

    private Adopted(ChildId id, Fd pidfd, Poller.Watch watch) {
        this.id = id;
        this.pidfd = pidfd;
        this.watch = watch;
    }

    /**
     * Finds a child again.
     *
     * @throws ChildGone if it has ended, or the machine was booted since; its number may be somebody else's by now
     * @throws ChildUnreachable if there are no descriptors left
     */
    public static Adopted of(ChildId id) {
        Fd pidfd = open(id);
        try {
            // Now that it is held: before, the number may have come to somebody else. One that nobody has reaped has
            // ended too.
            if (!id.isCurrent() || PollCalls.poll(pidfd.number(), PollCalls.POLLIN, 0) != 0) {
                throw gone(id);
            }
            Adopted adopted =
                    new Adopted(id, pidfd, SharedLauncher.get().poller().watch(pidfd.number()));
            adopted.watch.once(PollCalls.POLLIN, () -> adopted.ended.complete(null));
            return adopted;
        } catch (RuntimeException | Error failed) {
            pidfd.close();
            throw failed;
        }
    }

    private static Fd open(ChildId id) {
        if (!id.isCurrent()) {
            throw gone(id);
        }
        try {
            return new Fd(ProcessCalls.pidfdOpen(Math.toIntExact(id.pid())));
        } catch (ErrnoException refused) {
            if (refused.errno() == Errno.ESRCH) {
                throw gone(id);
            }
            String why = Diagnosis.shortage(refused.errno());
            throw new ChildUnreachable(
                    "can't adopt child " + id + ": " + refused.getMessage() + (why.isEmpty() ? "" : ": " + why),
                    refused);
        }
    }

    private static ChildGone gone(ChildId id) {
        return new ChildGone("child " + id + " is not there any more: it has ended", null);
    }

    /** What it was found by. */
    public ChildId id() {
        return id;
    }

    /** Its first process: the init where there is one. */
    public long pid() {
        return id.pid();
    }

    /**
     * The program itself.
     *
     * @throws ChildGone if it has ended; its init may wait for others
     */
    public long payloadPid() {
        if (!id.hasPayload()) {
            throw gone(id);
        }
        return id.payload();
    }

    /** Whether its first process is there; IllegalStateException once this has been closed, as from the others. */
    public boolean isAlive() {
        if (ended.isCompletedExceptionally()) {
            throw letGo();
        }
        return !ended.isDone();
    }

    private IllegalStateException letGo() {
        return new IllegalStateException("child " + id + " has been let go");
    }

    /** Completes when it has ended; completing it here does nothing. */
    public CompletableFuture<Void> onExit() {
        return ended.thenRunAsync(() -> {}, SharedLauncher.get().exits());
    }

    /** Waits until it has ended, but no longer than that; false when the time is up. */
    public boolean await(Duration timeout) throws InterruptedException {
        try {
            ended.get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException stillRunning) {
            return false;
        } catch (ExecutionException closed) {
            throw letGo();
        }
    }

    /**
     * Sends a signal, as {@link Child#signal} does; false when it has ended.
     *
     * @throws SignalDenied if it is another user's
     */
    public boolean signal(Signal signal) {
        lock.lock();
        try {
            if (!pidfd.isOpen()) {
                throw letGo();
            }
            return PollCalls.poll(pidfd.number(), PollCalls.POLLIN, 0) == 0
                    && ProcessCalls.pidfdSignal(pidfd.number(), signal.number());
        } catch (ErrnoException refused) {
            throw new SignalDenied("can't send " + signal + " to child " + id + ": " + refused.getMessage(), refused);
        } finally {
            lock.unlock();
        }
    }

    /** Asks it to end, and ends it if it doesn't: SIGTERM, the grace, SIGKILL. Returns when it has ended. */
    public void stop(Duration grace) throws InterruptedException {
        signal(Signal.TERM);
        if (!await(grace)) {
            signal(Signal.KILL);
            await(Duration.ofNanos(Long.MAX_VALUE));
        }
    }

    /** Lets it go, and leaves it running. May be called twice; who waits here is told. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (pidfd.isOpen()) {
                watch.close();
                pidfd.close();
                ended.completeExceptionally(letGo());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "child " + id;
    }
}
