package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The system calls Corral makes, one public method each; a failure becomes an {@link ErrnoException}.
 *
 * <p>All of them retry EINTR, save {@link #close}, where Linux has freed the number whatever the answer. The error code is
 * read by the statement after the call, before anything else of this thread can overwrite it. Functions with a variable
 * argument list are declared with fixed ones: for integers the calling conventions of x86-64 and aarch64 Linux are the
 * same for both.
 */
public final class LibC {
    private static final int CAPABILITY_VERSION_3 = 0x2008_0522;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    private static final int SEEK_DATA = 3;
    private static final int FALLOC_FL_KEEP_SIZE = 1;
    private static final int FALLOC_FL_PUNCH_HOLE = 2;
    public static final int O_TRUNC = 01000;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    /** x86-64 and aarch64 differ in O_DIRECTORY and O_NOFOLLOW, hence no constants for those. */
    public static final int O_PATH = 010000000;

    public static final int O_CLOEXEC = 02000000;

    public static final int SEEK_END = 2;

    public static final int MFD_CLOEXEC = 1;
    public static final int MFD_ALLOW_SEALING = 2;
    public static final int MFD_NOEXEC_SEAL = 8;
    public static final int MFD_EXEC = 16;
    /** SEAL, SHRINK, GROW and WRITE: nothing about the file can change any more. */
    public static final int SEAL_ALL = 1 | 2 | 4 | 8;

    public static final int POLLIN = 1;
    public static final int POLLPRI = 2;
    public static final int POLLOUT = 4;
    public static final int POLLERR = 8;
    public static final int POLLHUP = 16;
    /** The other end is closed. */
    public static final int POLLRDHUP = 0x2000;

    public static final int EPOLLONESHOT = 1 << 30;

    /** What {@link #read} and {@link #write} answer where a non-blocking descriptor would have to wait. */
    public static final int WOULD_BLOCK = -2;

    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_SETFL = 4;
    private static final int FIONREAD = 0x541b;
    private static final int AF_UNIX = 1;
    private static final int SOCK_SEQPACKET = 5;
    private static final int SOCK_CLOEXEC = O_CLOEXEC;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PASSCRED = 16;
    private static final int SCM_RIGHTS = 1;
    private static final int SCM_CREDENTIALS = 2;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_CTRUNC = 8;
    private static final int POSIX_SPAWN_SETSIGDEF = 4;
    private static final int POSIX_SPAWN_SETSIGMASK = 8;
    private static final int POSIX_SPAWN_SETSID = 128;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;
    private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));
    /** struct epoll_event is packed on x86-64 only. */
    private static final int EPOLL_EVENT_DATA = X86 ? 4 : 8;

    private static final int EPOLL_EVENT_SIZE = X86 ? 12 : 16;
    private static final int EFD_CLOEXEC = O_CLOEXEC;
    private static final int CLOCK_MONOTONIC = 1;
    private static final int SYS_PIDFD_SEND_SIGNAL = 424;
    private static final int SYS_PIDFD_OPEN = 434;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x0100_0000;

    /** Room for posix_spawnattr_t (336 bytes), posix_spawn_file_actions_t (80) and sigset_t (128) of glibc and musl. */
    private static final int OPAQUE = 512;

    private LibC() {}

    // ---------------------------------------------------------------- files

    public static int open(Path path, int flags) {
        return open(path, flags, 0);
    }

    /** Opens a file; close-on-exec is always set. */
    public static int open(Path path, int flags, int mode) {
        byte[] bytes = pathBytes(path);
        while (true) {
            int fd = Raw.open(bytes, flags | O_CLOEXEC, mode);
            if (fd >= 0) {
                return fd;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("open", path.toString(), errno);
            }
        }
    }

    /** Opens a file relative to a directory's descriptor; close-on-exec is always set. */
    public static int openAt(int directory, String name, int flags) {
        byte[] bytes = cString(name);
        while (true) {
            int fd = Raw.openat(directory, bytes, flags | O_CLOEXEC, 0);
            if (fd >= 0) {
                return fd;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("openat", name, errno);
            }
        }
    }

    /** Closes a descriptor; a failure is of no use to anybody and stays unsaid. */
    static void close(int fd) {
        Raw.close(fd);
    }

    /**
     * Reads into the beginning of the buffer.
     *
     * @return the number of bytes, 0 at the end of the file, {@link #WOULD_BLOCK}
     */
    public static int read(int fd, byte[] buffer, int length) {
        while (true) {
            long n = Raw.read(fd, buffer, (long) length);
            if (n >= 0) {
                return (int) n;
            }
            int errno = Native.getLastError();
            if (errno == Errno.EAGAIN) {
                return WOULD_BLOCK;
            }
            if (errno != Errno.EINTR) {
                throw new ErrnoException("read", "", errno);
            }
        }
    }

    /** Goes on reading where the file begins to hold anything: behind what {@link #giveBack} has taken. */
    public static long seekData(int fd) {
        long position = Raw.lseek(fd, 0, SEEK_DATA);
        if (position < 0) {
            int errno = Native.getLastError();
            if (errno != Errno.ENXIO) {
                throw new ErrnoException("lseek", "", errno);
            }
            position = Raw.lseek(fd, 0, SEEK_END); // there is nothing but a hole
        }
        return position;
    }

    /**
     * Takes the beginning of a file's room back; its bytes read as 0 from then on, and the others stay where they are. False
     * where the file system can't do that.
     */
    public static boolean giveBack(int fd, long length) {
        if (Raw.fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, length) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno == Errno.EOPNOTSUPP || errno == Errno.ENOSYS || errno == Errno.EINTR) {
            return errno == Errno.EINTR;
        }
        throw new ErrnoException("fallocate", "", errno);
    }

    /** Reads at an offset into the beginning of the buffer; 0 at the end of the file. */
    public static int pread(int fd, byte[] buffer, int length, long offset) {
        while (true) {
            long n = Raw.pread(fd, buffer, (long) length, offset);
            if (n >= 0) {
                return (int) n;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("pread", "", errno);
            }
        }
    }

    /**
     * Writes the first bytes of the buffer in one call.
     *
     * @return the number of bytes written, {@link #WOULD_BLOCK}
     */
    public static int write(int fd, byte[] buffer, int length) {
        while (true) {
            long n = Raw.write(fd, buffer, (long) length);
            if (n >= 0) {
                return (int) n;
            }
            int errno = Native.getLastError();
            if (errno == Errno.EAGAIN) {
                return WOULD_BLOCK;
            }
            if (errno != Errno.EINTR) {
                throw new ErrnoException("write", "", errno);
            }
        }
    }

    /** Writes all of the buffer to a blocking descriptor. */
    public static void writeAll(int fd, byte[] buffer) {
        int done = 0;
        while (done < buffer.length) {
            byte[] rest = done == 0 ? buffer : java.util.Arrays.copyOfRange(buffer, done, buffer.length);
            done += write(fd, rest, rest.length);
        }
    }

    public static void mkdir(Path path, int mode) {
        if (Raw.mkdir(pathBytes(path), mode) != 0) {
            throw new ErrnoException("mkdir", path.toString(), Native.getLastError());
        }
    }

    /** The magic number of the file system that holds a path, such as 0x63677270 for cgroup2. Source: statfs(2). */
    public static long fileSystemMagic(Path path) {
        try (Memory buffer = new Memory(256)) {
            if (Raw.statfs(pathBytes(path), buffer) != 0) {
                throw new ErrnoException("statfs", path.toString(), Native.getLastError());
            }
            return buffer.getLong(0);
        }
    }

    /** A close-on-exec pipe: the read end, then the write end. */
    public static int[] pipe() {
        int[] ends = new int[2];
        if (Raw.pipe2(ends, O_CLOEXEC) != 0) {
            throw new ErrnoException("pipe2", "", Native.getLastError());
        }
        return ends;
    }

    /** Gives an open file to another user and group. */
    public static void chown(int fd, long user, long group) {
        if (Raw.fchown(fd, (int) user, (int) group) != 0) {
            throw new ErrnoException("fchown", "", Native.getLastError());
        }
    }

    /** How many bytes a read would give at once. Source: ioctl_tty(2), FIONREAD. */
    public static int available(int fd) {
        int[] count = new int[1];
        if (Raw.ioctl(fd, (long) FIONREAD, count) != 0) {
            throw new ErrnoException("ioctl(FIONREAD)", "", Native.getLastError());
        }
        return count[0];
    }

    public static void setNonBlocking(int fd, int accessMode) {
        if (Raw.fcntl(fd, F_SETFL, (long) (accessMode | O_NONBLOCK)) < 0) {
            throw new ErrnoException("fcntl(F_SETFL)", "", Native.getLastError());
        }
    }

    /** A close-on-exec copy of a descriptor with a number of at least {@code minimum}. */
    public static int duplicate(int fd, int minimum) {
        int copy = Raw.fcntl(fd, F_DUPFD_CLOEXEC, (long) minimum);
        if (copy < 0) {
            throw new ErrnoException("fcntl(F_DUPFD_CLOEXEC)", "", Native.getLastError());
        }
        return copy;
    }

    /** An anonymous file in memory; the name only shows in /proc. */
    public static int memfd(String name, int flags) {
        int fd = Raw.memfd_create(cString(name), flags);
        if (fd < 0) {
            throw new ErrnoException("memfd_create", name, Native.getLastError());
        }
        return fd;
    }

    public static void seal(int memfd) {
        if (Raw.fcntl(memfd, F_ADD_SEALS, (long) SEAL_ALL) < 0) {
            throw new ErrnoException("fcntl(F_ADD_SEALS)", "", Native.getLastError());
        }
    }

    /** The size of a memory page of the running kernel, in bytes: 4, 16 or 64 KiB. */
    public static int pageSize() {
        return Raw.getpagesize();
    }

    // ------------------------------------------------------------ processes

    public static int effectiveUser() {
        return Raw.geteuid();
    }

    public static int effectiveGroup() {
        return Raw.getegid();
    }

    /**
     * Whether the calling thread has one of the capabilities 0 to 31 in effect, in its own user namespace. An effective user
     * id of 0 says nothing about that. Source: capget(2).
     */
    public static boolean isCapable(int capability) {
        int[] header = {CAPABILITY_VERSION_3, 0};
        int[] data = new int[6]; // effective, permitted and inheritable, twice
        if (Raw.capget(header, data) != 0) {
            throw new ErrnoException("capget", "", Native.getLastError());
        }
        return (data[0] >> capability & 1) == 1;
    }

    /**
     * Starts a program in a session of its own with an empty signal mask, default signal actions, an empty environment and
     * one descriptor at number 3; standard streams are those of this process until the program closes them.
     */
    public static int spawn(Path program, String argv0, int descriptorAt3) {
        byte[] name = cString(argv0);
        try (Memory room = new Memory(3 * OPAQUE + 32 + name.length)) {
            Pointer actions = room.share(0);
            Pointer attributes = room.share(OPAQUE);
            Pointer set = room.share(2 * OPAQUE);
            Pointer argv = room.share(3 * OPAQUE);
            Pointer envp = room.share(3 * OPAQUE + 16);
            Pointer pid = room.share(3 * OPAQUE + 24);
            Pointer text = room.share(3 * OPAQUE + 32);
            text.write(0, name, 0, name.length);
            argv.setPointer(0, text);
            argv.setPointer(8, Pointer.NULL);
            envp.setPointer(0, Pointer.NULL);
            check("posix_spawn_file_actions_init", Raw.posix_spawn_file_actions_init(actions));
            try {
                check("posix_spawnattr_init", Raw.posix_spawnattr_init(attributes));
                Raw.sigemptyset(set);
                check("posix_spawnattr_setsigmask", Raw.posix_spawnattr_setsigmask(attributes, set));
                // Not sigfillset: it leaves out the two signals that glibc keeps for itself, and those would be
                // ignored.
                set.setMemory(0, OPAQUE, (byte) 0xff);
                check("posix_spawnattr_setsigdefault", Raw.posix_spawnattr_setsigdefault(attributes, set));
                short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID;
                check("posix_spawnattr_setflags", Raw.posix_spawnattr_setflags(attributes, flags));
                check(
                        "posix_spawn_file_actions_adddup2",
                        Raw.posix_spawn_file_actions_adddup2(actions, descriptorAt3, 3));
                int failed = Raw.posix_spawn(pid, pathBytes(program), actions, attributes, argv, envp);
                if (failed != 0) {
                    throw new ErrnoException("posix_spawn", program.toString(), failed);
                }
                return pid.getInt(0);
            } finally {
                Raw.posix_spawn_file_actions_destroy(actions);
                Raw.posix_spawnattr_destroy(attributes);
            }
        }
    }

    /** How a child ended, as the kernel says it. */
    public record Waited(int rawStatus, long userMicros, long systemMicros, long maxRssKib) {}

    /**
     * Waits for the end of a child of this process, or of any child in a process group given as a negative number, and
     * reaps it; empty when there is none, because somebody else has reaped it. Source: wait4(2).
     */
    public static Optional<Waited> waitFor(int pid) {
        try (Memory status = new Memory(8);
                Memory usage = new Memory(256)) {
            while (true) {
                if (Raw.wait4(pid, status, 0, usage) > 0) {
                    return Optional.of(new Waited(
                            status.getInt(0),
                            usage.getLong(0) * 1_000_000 + usage.getLong(8),
                            usage.getLong(16) * 1_000_000 + usage.getLong(24),
                            usage.getLong(32)));
                }
                int errno = Native.getLastError();
                if (errno == Errno.ECHILD) {
                    return Optional.empty();
                }
                if (errno != Errno.EINTR) {
                    throw new ErrnoException("wait4", "pid " + pid, errno);
                }
            }
        }
    }

    /**
     * Whether {@link #waitFor} would wait for a child. It does so for one that has ended, too, as long as a debugger has not let
     * go of it. Source: waitid(2), ptrace(2).
     */
    public static boolean wouldWaitFor(int pid) {
        try (Memory information = new Memory(128)) {
            information.clear();
            int answer = Raw.waitid(P_PID, pid, information, WEXITED | WNOHANG | WNOWAIT);
            return answer == 0 && information.getInt(0) == 0;
        }
    }

    /** ESRCH where there is no such process; older kernels have EINVAL for one that is just being reaped. */
    public static int pidfdOpen(int pid) {
        long fd = Raw.syscall((long) SYS_PIDFD_OPEN, (long) pid, 0L, 0L, 0L);
        if (fd < 0) {
            int errno = Native.getLastError();
            throw new ErrnoException(
                    "pidfd_open", "pid " + pid, errno == Errno.EINVAL && pid > 0 ? Errno.ESRCH : errno);
        }
        return (int) fd;
    }

    /** Sends a signal to exactly the process that the pidfd names; false when that process has ended. */
    public static boolean pidfdSignal(int pidfd, int signal) {
        if (Raw.syscall((long) SYS_PIDFD_SEND_SIGNAL, (long) pidfd, (long) signal, 0L, 0L) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno == Errno.ESRCH) {
            return false;
        }
        throw new ErrnoException("pidfd_send_signal", "signal " + signal, errno);
    }

    /**
     * Sends a signal by pid, or to a process group given as a negative number; only where nobody else can have got the
     * number meanwhile. False when nobody has it.
     */
    public static boolean kill(int pid, int signal) {
        if (Raw.kill(pid, signal) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno == Errno.ESRCH) {
            return false;
        }
        throw new ErrnoException("kill", "pid " + pid, errno);
    }

    // -------------------------------------------------------------- waiting

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
        int fd = Raw.epoll_create1(O_CLOEXEC);
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

    /** One ready descriptor: the events, and the data given when it was added. */
    public record Ready(int events, long data) {}

    /** Waits for ready descriptors; empty when the time is up. The buffer has room for 64 events: {@link #epollBuffer}. */
    public static List<Ready> epollWait(int epoll, Memory buffer, int timeoutMillis) {
        int n = Raw.epoll_wait(epoll, buffer, (int) (buffer.size() / 16), timeoutMillis);
        if (n < 0) {
            int errno = Native.getLastError();
            if (errno == Errno.EINTR) {
                return List.of();
            }
            throw new ErrnoException("epoll_wait", "", errno);
        }
        List<Ready> ready = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            long at = (long) i * EPOLL_EVENT_SIZE;
            ready.add(new Ready(buffer.getInt(at), buffer.getLong(at + EPOLL_EVENT_DATA)));
        }
        return ready;
    }

    static Memory epollBuffer() {
        return new Memory(64 * 16);
    }

    public static int eventfd() {
        return eventfd(0);
    }

    /** An eventfd that holds a number, and is readable if that is not 0. */
    static int eventfd(int initial) {
        int fd = Raw.eventfd(initial, EFD_CLOEXEC | O_NONBLOCK);
        if (fd < 0) {
            throw new ErrnoException("eventfd", "", Native.getLastError());
        }
        return fd;
    }

    /** A timer on the monotonic clock that is readable once its time has come. Source: timerfd_create(2). */
    public static int timer() {
        int fd = Raw.timerfd_create(CLOCK_MONOTONIC, O_CLOEXEC | O_NONBLOCK);
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

    // -------------------------------------------------------------- sockets

    /** A close-on-exec pair of AF_UNIX SOCK_SEQPACKET sockets. */
    public static int[] socketPair() {
        int[] ends = new int[2];
        if (Raw.socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
            throw new ErrnoException("socketpair", "", Native.getLastError());
        }
        return ends;
    }

    /** Lets {@link #receive} tell the sender's pid. Source: unix(7), SO_PASSCRED. */
    public static void passCredentials(int socket) {
        try (Memory on = new Memory(4)) {
            on.setInt(0, 1);
            if (Raw.setsockopt(socket, SOL_SOCKET, SO_PASSCRED, on, 4) != 0) {
                throw new ErrnoException("setsockopt(SO_PASSCRED)", "", Native.getLastError());
            }
        }
    }

    /** Sends one packet with up to 253 descriptors; it never raises SIGPIPE. */
    public static void send(int socket, byte[] packet, int[] descriptors) {
        int rights = 16 + 4 * descriptors.length;
        int space = descriptors.length == 0 ? 0 : align(rights);
        try (Memory data = new Memory(packet.length);
                Memory vector = new Memory(16);
                Memory control = new Memory(Math.max(space, 8));
                Memory header = new Memory(56)) {
            data.write(0, packet, 0, packet.length);
            vector.setPointer(0, data);
            vector.setLong(8, packet.length);
            header.clear();
            header.setPointer(16, vector);
            header.setLong(24, 1);
            if (space > 0) {
                control.clear();
                control.setLong(0, rights);
                control.setInt(8, SOL_SOCKET);
                control.setInt(12, SCM_RIGHTS);
                control.write(16, descriptors, 0, descriptors.length);
                header.setPointer(32, control);
                header.setLong(40, space);
            }
            while (Raw.sendmsg(socket, header, MSG_NOSIGNAL) < 0) {
                int errno = Native.getLastError();
                if (errno != Errno.EINTR) {
                    throw new ErrnoException("sendmsg", "", errno);
                }
            }
        }
    }

    /** Takes the next packet of at most 4096 bytes without waiting; empty when there is none. */
    public static Optional<Packet> receive(int socket) {
        try (Memory data = new Memory(4096);
                Memory vector = new Memory(16);
                Memory control = new Memory(1152);
                Memory header = new Memory(56)) {
            vector.setPointer(0, data);
            vector.setLong(8, 4096);
            header.clear();
            header.setPointer(16, vector);
            header.setLong(24, 1);
            header.setPointer(32, control);
            header.setLong(40, control.size());
            long n;
            while ((n = Raw.recvmsg(socket, header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT)) < 0) {
                int errno = Native.getLastError();
                if (errno == Errno.EAGAIN) {
                    return Optional.empty();
                }
                // ECONNRESET comes once, when the peer died before it had read everything: what it said itself
                // still waits behind it, and then the end.
                if (errno != Errno.EINTR && errno != Errno.ECONNRESET) {
                    throw new ErrnoException("recvmsg", "", errno);
                }
            }
            int[] descriptors = {};
            int sender = 0;
            long end = header.getLong(40);
            for (long at = 0; at + 16 <= end; ) {
                long length = control.getLong(at);
                if (length < 16) {
                    break;
                }
                int type = control.getInt(at + 12);
                if (type == SCM_RIGHTS) {
                    descriptors = control.getIntArray(at + 16, (int) (length - 16) / 4);
                } else if (type == SCM_CREDENTIALS) {
                    sender = control.getInt(at + 16);
                }
                at += align(length);
            }
            boolean truncated = (header.getInt(48) & MSG_CTRUNC) != 0;
            return Optional.of(new Packet(data.getByteArray(0, (int) n), descriptors, sender, truncated));
        }
    }

    // -------------------------------------------------------------- helpers

    private static int align(long length) {
        return (int) ((length + 7) & ~7L);
    }

    private static void check(String call, int errno) {
        if (errno != 0) {
            throw new ErrnoException(call, "", errno);
        }
    }

    private static byte[] pathBytes(Path path) {
        return cString(path.toString());
    }

    /** The UTF-8 bytes of a text with the closing NUL; a NUL within is refused, it would cut the text short. */
    public static byte[] cString(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("text with a NUL: " + text.replace("\0", "\\0"));
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return java.util.Arrays.copyOf(bytes, bytes.length + 1);
    }
}
