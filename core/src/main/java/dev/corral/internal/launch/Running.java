package dev.corral.internal.launch;

import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.Poller;
import dev.corral.internal.linux.ProcStat;
import dev.corral.internal.linux.ProcessCalls;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/** A payload that was launched, until it is reaped: signals go to it, its end comes from it. Safe for any thread. */
public final class Running {
    /** How long an interrupt may go unheard. */
    private static final int MOMENT_MILLIS = 50;

    /** Who waits for the end, and then reaps: the thread that waits for everybody, a caller, or nobody any more. */
    private enum Waiter {
        COMMON,
        CALLER,
        DONE
    }

    private final Launcher launcher;
    private final Launched launched;
    private final Poller.Watch watch;
    private final AtomicReference<Waiter> waiter = new AtomicReference<>(Waiter.COMMON);
    private final CompletableFuture<Ended> ended = new CompletableFuture<>();
    /** Held while the pid is used, and while it is given back. */
    private final ReentrantLock handle = new ReentrantLock();
    /** Made while the pid is surely ours, and before the end, where everybody waits for what is done. */
    private final Optional<ProcessHandle> known;

    private boolean killed;
    private boolean timedOut;

    /** Takes the payload over; {@link #watch} is the next to be called. */
    public Running(Launched launched, Launcher launcher) {
        this.launcher = launcher;
        this.launched = launched;
        this.watch = launcher.poller().watch(launched.pidfd().number());
        this.known = ProcessHandle.of(launched.pid());
    }

    /**
     * How it ended.
     *
     * @param waited status and usage of the payload; empty when other code of the JVM reaped it and no init reported
     * @param usageKnown whether the usage is the payload's, and not that of an init killed before it could report
     * @param killed whether SIGKILL was sent to it through {@link #signal} while it ran
     * @param timedOut whether anything was sent to it through {@link #timeUp} while it ran
     */
    public record Ended(Optional<ProcessCalls.Waited> waited, boolean usageKnown, boolean killed, boolean timedOut) {}

    /**
     * Begins to wait for the end; if that can't be done the payload is ended. Apart from the constructor, so that whoever
     * wants to hear of the end can say so before it may come.
     */
    public void watch() {
        try {
            watch.once(PollCalls.POLLIN, this::leave);
        } catch (RuntimeException | Error failed) {
            launched.end();
            throw failed;
        }
    }

    /**
     * Waits on the calling thread, which the kernel then wakes itself: that saves a change of threads. For a moment only, since
     * an interrupt is not heard, and not at all where somebody else does so, or on a virtual thread, which would hold its
     * carrier. When this returns it may have ended, or not.
     */
    public void waitBriefly(long nanos) {
        int millis = (int) Math.min(nanos / 1_000_000, MOMENT_MILLIS);
        if (millis <= 0 || Talks.callerIsVirtual() || !waiter.compareAndSet(Waiter.COMMON, Waiter.CALLER)) {
            return;
        }
        boolean over = false;
        try {
            watch.once(0, () -> {}); // the other thread need not wake as well
            over = PollCalls.poll(launched.pidfd().number(), PollCalls.POLLIN, millis) != 0
                    && !ProcessCalls.wouldWaitFor(launched.pid());
        } finally {
            waiter.set(over ? Waiter.DONE : Waiter.COMMON);
            if (over) {
                end();
            } else {
                watch.once(PollCalls.POLLIN, this::leave);
            }
        }
    }

    public int pid() {
        return launched.pid();
    }

    public int payload() {
        return launched.payload();
    }

    /**
     * Whether the number still names the payload: the direct child, which nobody reaps but this, or a child of the init
     * that is. The number may have been given to somebody else since init reaped the payload.
     */
    public boolean owns(long process) {
        handle.lock();
        try {
            return launched.pidfd().isOpen() && (process == launched.pid() || isChild(process, launched.pid()));
        } finally {
            handle.unlock();
        }
    }

    private static boolean isChild(long process, long parent) {
        return ProcStat.of(process).filter(stat -> stat.parent() == parent).isPresent();
    }

    /** Completes after the process is reaped, on the thread that has waited for it: what follows must be short. */
    public CompletableFuture<Ended> ended() {
        return ended;
    }

    /** Sends a signal to the direct child; false when it has ended. */
    public boolean signal(int number) {
        return signal(number, false);
    }

    /** The same because its time is up, which the end then tells. */
    public boolean timeUp(int number) {
        return signal(number, true);
    }

    private boolean signal(int number, boolean becauseOfTime) {
        handle.lock();
        try {
            if (!launched.pidfd().isOpen()) {
                return false;
            }
            int pidfd = launched.pidfd().number();
            // The kernel would take a signal for a dead process that is not reaped yet.
            if (PollCalls.poll(pidfd, PollCalls.POLLIN, 0) != 0) {
                return false;
            }
            // First, because the end may be told before this thread goes on.
            timedOut |= becauseOfTime;
            killed |= number == ProcessCalls.SIGKILL && !becauseOfTime;
            return ProcessCalls.pidfdSignal(pidfd, number);
        } finally {
            handle.unlock();
        }
    }

    /** The direct child as the JDK knows it, before and after its end; empty if other code has reaped it. */
    public Optional<ProcessHandle> handle() {
        return known;
    }

    /** On the thread that waits for everybody: one process that can't be reaped yet must not keep the others' ends back. */
    private void leave() {
        if (!waiter.compareAndSet(Waiter.COMMON, Waiter.DONE)) {
            return; // somebody waits himself, and sees it too
        }
        if (ProcessCalls.wouldWaitFor(launched.pid())) {
            launcher.exits().execute(this::end);
        } else {
            end();
        }
    }

    private void end() {
        try {
            watch.close();
            ended.complete(reap());
        } catch (Throwable failed) { // whoever waits must hear of it
            ended.completeExceptionally(failed);
        }
    }

    private Ended reap() {
        handle.lock();
        try {
            Optional<ProcessCalls.Waited> own = ProcessCalls.waitFor(launched.pid());
            // Init's word is about the payload itself; the wait status is only about init.
            Optional<ProcessCalls.Waited> reported = ExitRecord.read(launched.status());
            boolean usageKnown = reported.isPresent() || launched.payload() == launched.pid();
            return new Ended(reported.isPresent() ? reported : own, usageKnown, killed, timedOut);
        } finally {
            launched.close();
            handle.unlock();
        }
    }
}
