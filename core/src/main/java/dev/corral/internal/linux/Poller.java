package dev.corral.internal.linux;

import com.sun.jna.Memory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread that waits for many descriptors by epoll and calls a handler for each that is ready. The thread starts
 * with the first registration, and ends when the poller is closed.
 *
 * <p>Handlers run on that thread: they are short, never block, and may register again.
 */
public final class Poller implements AutoCloseable {
    /** No watch has this number. */
    private static final long END = 0;

    private final String name;
    private final ReentrantLock starting = new ReentrantLock();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Runnable> handlers = new ConcurrentHashMap<>();
    private volatile @Nullable Fd epoll;
    /** Readable from the beginning; the thread closes it together with the epoll descriptor. */
    private volatile @Nullable Fd end;

    private volatile boolean closed;

    public Poller(String name) {
        this.name = name;
    }

    /** Watches one descriptor; closed by its owner before the descriptor is. */
    public final class Watch implements AutoCloseable {
        private final long id = ids.incrementAndGet();
        private final int fd;
        private final ReentrantLock lock = new ReentrantLock();
        private boolean added;
        private boolean closed;

        private Watch(int fd) {
            this.fd = fd;
        }

        /**
         * Calls the handler once, when one of the events (or an error, or hang-up) is there; false once closed. A handler that
         * replaces one not called yet may be called too early.
         */
        public boolean once(int events, Runnable handler) {
            lock.lock();
            try {
                if (closed) {
                    return false;
                }
                handlers.put(id, handler);
                if (added) {
                    PollCalls.epollModify(epoll(), fd, events | PollCalls.EPOLLONESHOT, id);
                } else {
                    PollCalls.epollAdd(epoll(), fd, events | PollCalls.EPOLLONESHOT, id);
                    added = true;
                }
                return true;
            } catch (RuntimeException | Error failed) {
                handlers.remove(id);
                throw failed;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (!closed && added) {
                    PollCalls.epollRemove(epoll(), fd);
                }
                closed = true;
                handlers.remove(id);
            } finally {
                lock.unlock();
            }
        }
    }

    public Watch watch(int fd) {
        return new Watch(fd);
    }

    /** Ends the thread, after the handler that it may be in; nothing is called from then on. Its watches are closed before. */
    @Override
    public void close() {
        starting.lock();
        try {
            Fd running = epoll;
            if (running != null && !closed) {
                Fd wake = new Fd(PollCalls.eventfd(1));
                PollCalls.epollAdd(running.number(), wake.number(), PollCalls.POLLIN, END);
                // Afterwards: the thread closes it as soon as it sees it.
                end = wake;
            }
            closed = true;
        } finally {
            starting.unlock();
        }
    }

    private int epoll() {
        Fd running = epoll;
        if (running != null) {
            return running.number();
        }
        starting.lock();
        try {
            if (closed) {
                throw new IllegalStateException(name + " is closed");
            }
            Fd started = epoll;
            if (started == null) {
                started = new Fd(PollCalls.epollCreate());
                start(started);
                // Last: without its thread nobody would ever be called.
                epoll = started;
            }
            return started.number();
        } finally {
            starting.unlock();
        }
    }

    private void start(Fd started) {
        Thread thread = new Thread(null, () -> loop(started), name, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        try {
            thread.start();
        } catch (Error noThread) {
            started.close();
            throw noThread;
        }
    }

    private void loop(Fd started) {
        HomeNamespaces.enter();
        try (started;
                Memory buffer = PollCalls.epollBuffer()) {
            while (end == null) {
                for (PollCalls.Ready ready : PollCalls.epollWait(started.number(), buffer, -1)) {
                    Runnable handler = handlers.remove(ready.data());
                    if (handler != null && end == null) {
                        run(handler);
                    }
                }
            }
        }
        Fd wake = end;
        if (wake != null) {
            wake.close();
        }
    }

    /** A handler that fails must not end the loop that everybody else depends on. */
    private void run(Runnable handler) {
        try {
            handler.run();
        } catch (Throwable failed) {
            org.slf4j.LoggerFactory.getLogger(Poller.class).error("handler on {} failed", name, failed);
        }
    }
}
