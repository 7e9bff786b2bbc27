package dev.corral.internal.linux;

import com.sun.jna.Memory;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread that waits for many descriptors by epoll and calls a handler for each that is ready. The thread starts
 * with the first registration, and ends when the poller is closed.
 *
 * <p>Handlers run on that thread: they are short, never block, and may register again. The thread outlives whatever they throw,
 * and its own want of memory, after which it goes on where it was.
 */
public final class Poller implements AutoCloseable {
    /** No watch has this number. */
    private static final long END = 0;

    private static final long SHORTEST_PAUSE = 1_000_000;
    private static final long LONGEST_PAUSE = 1_000_000_000;

    private final String name;
    private final Supplier<Memory> buffers;
    private final ReentrantLock starting = new ReentrantLock();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Runnable> handlers = new ConcurrentHashMap<>();
    private volatile @Nullable Fd epoll;
    /** Readable from the beginning, and there from the start: a poller can be closed when no descriptor is left. */
    private @Nullable Fd wake;

    private volatile boolean ending;
    private volatile boolean closed;

    public Poller(String name) {
        this(name, PollCalls::epollBuffer);
    }

    Poller(String name, Supplier<Memory> buffers) {
        this.name = name;
        this.buffers = buffers;
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
            Fd last = wake;
            if (running != null && last != null && !closed) {
                PollCalls.epollAdd(running.number(), last.number(), PollCalls.POLLIN, END);
                // Afterwards: the thread closes both as soon as it sees it.
                ending = true;
            }
            closed = true;
        } finally {
            starting.unlock();
        }
    }

    private int epoll() {
        Fd running = epoll;
        if (running != null && !closed) {
            return running.number();
        }
        starting.lock();
        try {
            if (closed) {
                throw new IllegalStateException(name + " is closed");
            }
            Fd started = epoll;
            if (started == null) {
                started = start();
                // Last: without its thread nobody would ever be called.
                epoll = started;
            }
            return started.number();
        } finally {
            starting.unlock();
        }
    }

    private Fd start() {
        Fd started = new Fd(PollCalls.epollCreate());
        try {
            Fd last = new Fd(PollCalls.eventfd(1));
            try {
                // Here: who registers has to know when there is no room for it.
                Memory buffer = buffers.get();
                Thread thread = new Thread(null, () -> loop(started, last, buffer), name, 0, false);
                thread.setDaemon(true);
                thread.setContextClassLoader(null);
                thread.start();
                wake = last;
                return started;
            } catch (Throwable noThread) {
                last.close();
                throw noThread;
            }
        } catch (Throwable failed) {
            started.close();
            throw failed;
        }
    }

    private void loop(Fd started, Fd last, Memory buffer) {
        run("the way home of", HomeNamespaces::enter);
        try (last;
                started;
                buffer) {
            Round round = new Round(started, buffer);
            long pause = 0;
            while (!ending) {
                pause = run("a round of", round) ? 0 : after(pause);
            }
        }
    }

    /** Waits and calls the handlers. The kernel tells of each once: one that could not be called is there the next time. */
    private final class Round implements Runnable {
        private final Fd epoll;
        private final Memory buffer;
        private int count;
        private int at;

        private Round(Fd epoll, Memory buffer) {
            this.epoll = epoll;
            this.buffer = buffer;
        }

        @Override
        public void run() {
            if (at == count) {
                at = 0;
                count = 0;
                count = PollCalls.epollWait(epoll.number(), buffer);
            }
            for (; at < count; at++) {
                Runnable handler = handlers.remove(PollCalls.epollData(buffer, at));
                if (handler != null && !ending) {
                    Poller.this.run("a handler on", handler);
                }
            }
        }
    }

    /** Waits longer each time, so that what fails for good is not tried all the time. */
    private static long after(long pause) {
        long next = Math.min(Math.max(SHORTEST_PAUSE, 2 * pause), LONGEST_PAUSE);
        LockSupport.parkNanos(next);
        return next;
    }

    /** Whatever fails must not end the loop that everybody depends on, not even the report of it. */
    private boolean run(String what, Runnable work) {
        try {
            work.run();
            return true;
        } catch (Throwable failed) {
            try {
                org.slf4j.LoggerFactory.getLogger(Poller.class).error("{} {} failed", what, name, failed);
            } catch (Throwable unsaid) { // there is nobody left to tell
                failed.addSuppressed(unsaid);
            }
            return false;
        }
    }
}
