package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** The system calls by which threads wait for descriptors, and those for descriptors that are there to be waited for. */
public final class PollCalls {
    public static final int POLLIN = 1;
    public static final int POLLPRI = 2;
    public static final int POLLOUT = 4;
    /** The other end is closed. */
    public static final int POLLRDHUP = 0x2000;

    static final int EPOLLONESHOT = 1 << 30;

    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    /** struct epoll_event is packed on x86-64 only. */
    private static final int EPOLL_EVENT_DATA = Machine.X86 ? 4 : 8;

    private static final int EPOLL_EVENT_SIZE = Machine.X86 ? 12 : 16;
    private static final int CLOCK_MONOTONIC = 1;

    private PollCalls() {}

    /** Waits for one descriptor; the events seen, 0 when the time is up. */
    public static int poll(int fd, int events, int timeoutMillis) {
        try (Memory pollfd = new Memory(8)) {
            pollfd.setInt(0, fd);
            pollfd.setShort(4, (short) events);
            pollfd.setShort(6, (short) 0);
            int n = Raw.poll(pollfd, 1L, timeoutMillis);
            if (n > 0) {
                return pollfd.getShort(6);
            }
            int errno = n < 0 ? Native.getLastError() : 0;
            if (errno != 0 && errno != Errno.EINTR) {
                throw new ErrnoException("poll", "", errno);
            }
            return 0;
        }
    }

    public static int epollCreate() {
        int fd = Raw.epoll_create1(LibC.O_CLOEXEC);
        if (fd < 0) {
            throw new ErrnoException("epoll_create1", "", Native.getLastError());
        }
        return fd;
    }

    public static void epollAdd(int epoll, int fd, int events, long data) {
        epollControl(epoll, EPOLL_CTL_ADD, fd, events, data);
    }

    public static void epollModify(int epoll, int fd, int events, long data) {
        epollControl(epoll, EPOLL_CTL_MOD, fd, events, data);
    }

    public static void epollRemove(int epoll, int fd) {
        epollControl(epoll, EPOLL_CTL_DEL, fd, 0, 0);
    }

    private static void epollControl(int epoll, int operation, int fd, int events, long data) {
        try (Memory event = new Memory(16)) {
            event.setInt(0, events);
            event.setLong(EPOLL_EVENT_DATA, data);
            if (Raw.epoll_ctl(epoll, operation, fd, event) != 0) {
                throw new ErrnoException("epoll_ctl", "", Native.getLastError());
            }
        }
    }

    /** Waits for ready descriptors; how many there are in the buffer now, which has room for 64: {@link #epollBuffer}. */
    static int epollWait(int epoll, Memory buffer) {
        int n = Raw.epoll_wait(epoll, buffer, (int) (buffer.size() / 16), -1);
        if (n < 0) {
            int errno = Native.getLastError();
            if (errno == Errno.EINTR) {
                return 0;
            }
            throw new ErrnoException("epoll_wait", "", errno);
        }
        return n;
    }

    /** The data that the descriptor at a place of the buffer was added with. */
    static long epollData(Memory buffer, int at) {
        return buffer.getLong((long) at * EPOLL_EVENT_SIZE + EPOLL_EVENT_DATA);
    }

    static Memory epollBuffer() {
        return new Memory(64 * 16);
    }

    public static int eventfd() {
        return eventfd(0);
    }

    /** An eventfd that holds a number, and is readable if that is not 0. */
    static int eventfd(int initial) {
        int fd = Raw.eventfd(initial, LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        if (fd < 0) {
            throw new ErrnoException("eventfd", "", Native.getLastError());
        }
        return fd;
    }

    /** A timer on the monotonic clock that is readable once its time has come. Source: timerfd_create(2). */
    public static int timer() {
        int fd = Raw.timerfd_create(CLOCK_MONOTONIC, LibC.O_CLOEXEC | LibC.O_NONBLOCK);
        if (fd < 0) {
            throw new ErrnoException("timerfd_create", "", Native.getLastError());
        }
        return fd;
    }

    /** Sets the timer to go off once after so many nanoseconds, one or more, instead of whenever it was set to before. */
    public static void setTimer(int timer, long nanos) {
        long[] value = {0, 0, nanos / 1_000_000_000, nanos % 1_000_000_000};
        if (Raw.timerfd_settime(timer, 0, value, Pointer.NULL) != 0) {
            throw new ErrnoException("timerfd_settime", "", Native.getLastError());
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int poll(Pointer fds, long count, int timeout);

        static native int epoll_create1(int flags);

        static native int epoll_ctl(int epoll, int operation, int fd, Pointer event);

        static native int epoll_wait(int epoll, Pointer events, int capacity, int timeout);

        static native int eventfd(int initial, int flags);

        static native int timerfd_create(int clock, int flags);

        static native int timerfd_settime(int fd, int flags, long[] value, Pointer old);
    }
}
