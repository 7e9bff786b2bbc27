package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The system calls by which notifications of a seccomp filter are answered. Source: seccomp_unotify(2). */
public final class SeccompCalls {
    /** The answer lets the kernel make the call: SECCOMP_USER_NOTIF_FLAG_CONTINUE. */
    public static final int CONTINUE = 1;

    private static final int SYS_SECCOMP = Machine.X86 ? 317 : 277;
    private static final int SYS_IOCTL = Machine.X86 ? 16 : 29;
    private static final int SECCOMP_GET_NOTIF_SIZES = 3;
    private static final long NOTIF_RECV = 0xc050_2100L;
    private static final long NOTIF_SEND = 0xc018_2101L;
    private static final long NOTIF_ID_VALID = 0x4008_2102L;
    private static final int NOTIFICATION = 80;
    private static final int RESPONSE = 24;
    private static final int ARGUMENTS = 6;

    private SeccompCalls() {}

    /**
     * A system call that waits for an answer.
     *
     * @param id names it to the kernel
     * @param thread who made it, as this process sees the number; 0 if it does not
     * @param number the system call
     * @param architecture the AUDIT_ARCH number of the way it was called
     * @param instructionPointer where
     * @param arguments all six
     */
    public record Notification(
            long id, int thread, int number, int architecture, long instructionPointer, List<Long> arguments) {
        public Notification {
            arguments = List.copyOf(arguments);
        }
    }

    /** The sizes of the kernel's notification and response, which may be larger than what this class knows of them. */
    public record Sizes(int notification, int response) {}

    public static Sizes sizes() {
        try (Memory sizes = new Memory(8)) {
            sizes.clear();
            if (Raw.syscall((long) SYS_SECCOMP, (long) SECCOMP_GET_NOTIF_SIZES, 0L, Pointer.nativeValue(sizes), 0L)
                    != 0) {
                throw new ErrnoException("seccomp(SECCOMP_GET_NOTIF_SIZES)", "", Native.getLastError());
            }
            return new Sizes(
                    Math.max(NOTIFICATION, Short.toUnsignedInt(sizes.getShort(0))),
                    Math.max(RESPONSE, Short.toUnsignedInt(sizes.getShort(2))));
        }
    }

    /**
     * Waits until the listener has something, or the other descriptor can be read.
     *
     * @return whether there may be a notification; false once nobody can send one any more, or the other descriptor spoke
     */
    public static boolean await(int listener, int wake) {
        try (Memory polled = new Memory(16)) {
            while (true) {
                polled.setInt(0, listener);
                polled.setInt(4, PollCalls.POLLIN);
                polled.setInt(8, wake);
                polled.setInt(12, PollCalls.POLLIN);
                if (Raw.poll(polled, 2L, -1) > 0) {
                    return polled.getShort(14) == 0 && (polled.getShort(6) & PollCalls.POLLIN) != 0;
                }
                int errno = Native.getLastError();
                if (errno != Errno.EINTR) {
                    throw new ErrnoException("poll", "", errno);
                }
            }
        }
    }

    /** The next notification; empty when who made the call has gone meanwhile. */
    public static Optional<Notification> receive(int listener, Sizes sizes) {
        try (Memory buffer = new Memory(sizes.notification)) {
            // The kernel refuses a buffer with anything in it.
            buffer.clear();
            if (!control("SECCOMP_IOCTL_NOTIF_RECV", listener, NOTIF_RECV, buffer)) {
                return Optional.empty();
            }
            return Optional.of(new Notification(
                    buffer.getLong(0),
                    buffer.getInt(8),
                    buffer.getInt(16),
                    buffer.getInt(20),
                    buffer.getLong(24),
                    IntStream.range(0, ARGUMENTS)
                            .mapToObj(index -> buffer.getLong(32 + 8L * index))
                            .toList()));
        }
    }

    /** Whether who made the call still waits: what was read about it by its number was about it, and not a successor. */
    public static boolean isValid(int listener, long id) {
        try (Memory buffer = new Memory(8)) {
            buffer.setLong(0, id);
            return control("SECCOMP_IOCTL_NOTIF_ID_VALID", listener, NOTIF_ID_VALID, buffer);
        }
    }

    /**
     * Answers a call.
     *
     * @param value what it returns
     * @param errno the error code it fails with instead, or 0
     * @param flags 0, or {@link #CONTINUE} with the other two 0
     * @return false when who made the call has gone meanwhile
     */
    public static boolean send(int listener, Sizes sizes, long id, long value, int errno, int flags) {
        try (Memory buffer = new Memory(sizes.response)) {
            buffer.clear();
            buffer.setLong(0, id);
            buffer.setLong(8, value);
            buffer.setInt(16, -errno);
            buffer.setInt(20, flags);
            return control("SECCOMP_IOCTL_NOTIF_SEND", listener, NOTIF_SEND, buffer);
        }
    }

    /** False when the one who made the call has gone. */
    private static boolean control(String name, int listener, long request, Memory buffer) {
        while (true) {
            if (Raw.syscall((long) SYS_IOCTL, (long) listener, request, Pointer.nativeValue(buffer), 0L) == 0) {
                return true;
            }
            int errno = Native.getLastError();
            if (errno == Errno.ENOENT) {
                return false;
            }
            if (errno != Errno.EINTR) {
                throw new ErrnoException("ioctl(" + name + ")", "", errno);
            }
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int poll(Pointer fds, long count, int timeout);

        static native long syscall(long number, long a, long b, long c, long d);
    }
}
