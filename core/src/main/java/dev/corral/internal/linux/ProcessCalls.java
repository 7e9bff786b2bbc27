package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Optional;

/** The system calls about processes that run or have ended: signals to them, and how they ended. */
public final class ProcessCalls {
    /** The signal that no process can refuse. Source: signal(7). */
    public static final int SIGKILL = 9;

    private static final int SYS_PIDFD_SEND_SIGNAL = 424;
    private static final int SYS_PIDFD_OPEN = 434;
    private static final int P_PID = 1;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x0100_0000;

    private ProcessCalls() {}

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

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int wait4(int pid, Pointer status, int options, Pointer usage);

        static native int waitid(int kind, int id, Pointer information, int options);

        static native int kill(int pid, int signal);

        static native long syscall(long number, long a, long b, long c, long d);
    }
}
