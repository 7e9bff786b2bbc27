package dev.corral.internal.linux;

import com.sun.jna.Native;

/**
 * As whom one thread asks for files. Only for a thread that does nothing else and ends afterwards: the supplementary groups
 * stay away. Source: setfsuid(2), credentials(7).
 */
public final class FileRights {
    private static final int SYS_SETGROUPS = Machine.X86 ? 116 : 159;
    private static final int NONE = -1;

    private FileRights() {}

    /** Leaves the supplementary groups of this thread, and of no other: libc's own function would take them from all. */
    public static void leaveGroups() {
        if (Raw.syscall(SYS_SETGROUPS, 0, 0, 0, 0) < 0) {
            throw new ErrnoException("setgroups", "", Native.getLastError());
        }
    }

    /**
     * Asks as this user and group from now on; capabilities over files come and go with user 0. The kernel answers with the
     * former id whether it obeys or not, so it is asked again.
     */
    public static void become(int user, int group) {
        Raw.setfsgid(group);
        Raw.setfsuid(user);
        if (Raw.setfsgid(NONE) != group || Raw.setfsuid(NONE) != user) {
            throw new ErrnoException("setfsuid", Integer.toUnsignedString(user), Errno.EPERM);
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int setfsuid(int user);

        static native int setfsgid(int group);

        static native long syscall(long number, long a, long b, long c, long d);
    }
}
