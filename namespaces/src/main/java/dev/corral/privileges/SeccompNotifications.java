package dev.corral.privileges;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.PollCalls;
import dev.corral.internal.linux.SeccompCalls;
import dev.corral.internal.linux.SeccompCalls.Notification;
import dev.corral.internal.linux.SeccompCalls.Sizes;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the calls that a filter asks about, on a daemon thread of its own, until no process has the filter any more or it is
 * closed. Calls that wait then, and later ones, answer ENOSYS: the kernel's word for a listener that has gone.
 *
 * <p>Safe for use by many threads.
 */
final class SeccompNotifications implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SeccompNotifications.class);
    /** How long {@link #close} waits for a handler that is at work. */
    private static final long PATIENCE_MILLIS = 1_000;

    private static final byte[] ONE = {1, 0, 0, 0, 0, 0, 0, 0};

    private final Fd listener;
    private final Fd wake;
    private final SeccompHandler handler;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile boolean closing;

    private SeccompNotifications(Fd listener, Fd wake, SeccompHandler handler) {
        this.listener = listener;
        this.wake = wake;
        this.handler = handler;
        this.thread = new Thread(null, this::run, "corral-seccomp", 0, false);
        thread.setDaemon(true);
    }

    /** Begins to answer. The listener belongs to the result, also if this fails. */
    static SeccompNotifications serve(int listener, SeccompHandler handler) {
        Fd owned = new Fd(listener);
        try {
            Fd wake = new Fd(PollCalls.eventfd());
            try {
                SeccompNotifications notifications = new SeccompNotifications(owned, wake, handler);
                notifications.thread.start();
                return notifications;
            } catch (RuntimeException | Error failed) {
                wake.close();
                throw failed;
            }
        } catch (RuntimeException | Error failed) {
            owned.close();
            throw failed;
        }
    }

    /** Done when it answers no more; exceptionally if something but the end of all askers, or {@link #close}, ended it. */
    CompletableFuture<Void> ended() {
        return ended.copy();
    }

    private void run() {
        try {
            Sizes sizes = SeccompCalls.sizes();
            while (SeccompCalls.await(listener.number(), wake.number())) {
                SeccompCalls.receive(listener.number(), sizes).ifPresent(asked -> answer(asked, sizes));
            }
            giveBack();
            ended.complete(null);
        } catch (Throwable failed) {
            // Whoever waits for an answer must not wait for ever: without the listener the kernel answers.
            giveBack();
            LOG.error("seccomp notifications end: calls that the filter asks about answer ENOSYS from now on", failed);
            ended.completeExceptionally(failed);
        }
    }

    private void answer(Notification asked, Sizes sizes) {
        SeccompAnswer answer = decide(new SeccompCall(listener.number(), asked));
        if (answer instanceof SeccompAnswer.Returns returns) {
            send(asked, sizes, returns.value(), 0, 0);
        } else if (answer instanceof SeccompAnswer.Fails fails) {
            send(asked, sizes, 0, fails.errno(), 0);
        } else {
            send(asked, sizes, 0, 0, SeccompCalls.CONTINUE);
        }
    }

    private void send(Notification asked, Sizes sizes, long value, int errno, int flags) {
        if (!SeccompCalls.send(listener.number(), sizes, asked.id(), value, errno, flags)) {
            LOG.debug("thread {} did not wait for the answer", asked.thread());
        }
    }

    private SeccompAnswer decide(SeccompCall call) {
        try {
            return Objects.requireNonNull(handler.answer(call), "the handler gave no answer");
        } catch (Throwable failed) { // one bad answer must not leave the others without any
            if (closing) {
                LOG.debug("{} answers EIO: its handler was interrupted by the end", call, failed);
            } else {
                LOG.error("the handler failed on {}, which answers EIO", call, failed);
            }
            return SeccompAnswer.errno(Errno.EIO);
        }
    }

    /** The end: nobody uses the descriptors when they are closed. */
    private void giveBack() {
        lock.lock();
        try {
            listener.close();
            wake.close();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Answers no more. A handler that is at work is interrupted and waited for, a second at most; an interrupt of the caller cuts
     * that short and is kept.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (wake.isOpen()) {
                closing = true;
                LibC.writeAll(wake.number(), ONE);
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            ended.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException saidElsewhere) {
            LOG.debug("seccomp notifications did not end well", saidElsewhere);
        }
    }
}
