package dev.corral.internal.linux;

import com.sun.jna.Native;

/** The system calls about files in memory that nothing can change any more once they are sealed. Source: memfd_create(2). */
public final class MemfdCalls {
    public static final int MFD_CLOEXEC = 1;
    public static final int MFD_ALLOW_SEALING = 2;
    public static final int MFD_NOEXEC_SEAL = 8;
    public static final int MFD_EXEC = 16;

    private static final int F_ADD_SEALS = 1033;
    /** SEAL, SHRINK, GROW and WRITE: nothing about the file can change any more. */
    private static final int SEAL_ALL = 1 | 2 | 4 | 8;

    private MemfdCalls() {}

    /** An anonymous file in memory; the name only shows in /proc. */
    public static int memfd(String name, int flags) {
        int fd = Raw.memfd_create(LibC.cString(name), flags);
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

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int memfd_create(byte[] name, int flags);

        static native int fcntl(int fd, int command, long argument);
    }
}
