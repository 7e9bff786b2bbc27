package dev.corral.internal.launch;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.Poller;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A non-blocking descriptor that behaves like a blocking one, except that a wait parks the thread in Java: it can be
 * interrupted and closed, and it holds no carrier of virtual threads.
 */
final class PipeEnd {
    private final Fd fd;
    private final Poller.Watch watch;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean ready;
    private boolean closed;
    private boolean endWhenEmpty;

    PipeEnd(Fd fd, Poller poller, int accessMode) {
        LibC.setNonBlocking(fd.number(), accessMode);
        this.fd = fd;
        this.watch = poller.watch(fd.number());
    }

    /** One read or write of a descriptor. */
    interface Call {
        int on(int descriptor);
    }

    /** Repeats the call until it moves bytes or meets the end. The lock also keeps the number from being closed meanwhile. */
    int transfer(int event, Call call) throws IOException {
        lock.lock();
        try {
            while (true) {
                if (closed) {
                    throw new IOException("stream closed");
                }
                int n = call.on(fd.number());
                if (n != LibC.WOULD_BLOCK) {
                    return n;
                }
                if (endWhenEmpty) {
                    return 0;
                }
                await(event);
            }
        } catch (ErrnoException failed) {
            throw new IOException(
                    failed.errno() == Errno.EPIPE ? "broken pipe: nobody reads it" : failed.getMessage(), failed);
        } finally {
            lock.unlock();
        }
    }

    int available() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("stream closed");
            }
            return LibC.available(fd.number());
        } finally {
            lock.unlock();
        }
    }

    private void await(int event) throws InterruptedIOException {
        ready = false;
        if (!watch.once(event, this::wake)) {
            return;
        }
        try {
            while (!ready && !closed && !endWhenEmpty) {
                changed.await();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException told = new InterruptedIOException("interrupted while waiting for the other end");
            told.initCause(interrupted);
            throw told;
        }
    }

    private void wake() {
        lock.lock();
        try {
            ready = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on a read that would have to wait is at the end. */
    void endWhenEmpty() {
        lock.lock();
        try {
            endWhenEmpty = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            watch.close();
            fd.close();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
