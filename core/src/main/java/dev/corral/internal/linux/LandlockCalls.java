package dev.corral.internal.linux;

import com.sun.jna.Native;

/** The system calls about Landlock that the JVM makes. Source: landlock(7). */
public final class LandlockCalls {
    /** The same number on every architecture. */
    private static final int SYS_LANDLOCK_CREATE_RULESET = 444;

    private static final int LANDLOCK_CREATE_RULESET_VERSION = 1;

    private LandlockCalls() {}

    /** The version of Landlock's interface, 1 or more; 0 where the kernel has none or it is switched off. */
    public static int abi() {
        long version =
                Raw.syscall((long) SYS_LANDLOCK_CREATE_RULESET, 0L, 0L, (long) LANDLOCK_CREATE_RULESET_VERSION, 0L);
        if (version >= 0) {
            return (int) version;
        }
        int errno = Native.getLastError();
        // EPERM comes from an outer filter that does not know the call.
        if (errno == Errno.ENOSYS || errno == Errno.EOPNOTSUPP || errno == Errno.EPERM) {
            return 0;
        }
        throw new ErrnoException("landlock_create_ruleset", "", errno);
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native long syscall(long number, long a, long b, long c, long d);
    }
}
