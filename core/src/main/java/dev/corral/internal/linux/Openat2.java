package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.OptionalInt;

/**
 * Opens by a path that can't lead out of a directory, whatever links and renames there are. Each answers nothing where the kernel,
 * before 5.6, or a seccomp filter around the JVM does not know the call. Source: openat2(2).
 */
final class Openat2 {
    private static final int SYS_OPENAT2 = 437;
    private static final int RESOLVE_NO_XDEV = 1;
    private static final int RESOLVE_NO_MAGICLINKS = 2;
    private static final int RESOLVE_NO_SYMLINKS = 4;
    private static final int RESOLVE_BENEATH = 8;
    private static final int RESOLVE_IN_ROOT = 16;

    /** struct open_how: flags, mode, resolve, 64 bits each. */
    private static final int HOW_SIZE = 24;

    private static final int HOW_RESOLVE = 16;
    /** How often a lookup is begun again because somebody renames directories under it. */
    private static final int RACES = 128;

    private Openat2() {}

    /** As if the directory were the root: links and ".." stay below it. */
    static OptionalInt inRoot(int directory, String path, int flags) {
        return open(directory, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }

    /** Over no link and no "..", and into no other file system. */
    static OptionalInt within(int directory, String path, int flags) {
        return open(
                directory,
                path,
                flags,
                RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV);
    }

    private static OptionalInt open(int directory, String path, int flags, long resolve) {
        byte[] bytes = LibC.cString(path);
        try (Memory how = new Memory(HOW_SIZE)) {
            how.clear();
            how.setLong(0, flags | LibC.O_CLOEXEC);
            how.setLong(HOW_RESOLVE, resolve);
            int errno = Errno.EAGAIN;
            for (int i = 0; i < RACES && (errno == Errno.EAGAIN || errno == Errno.EINTR); i++) {
                long found = Raw.syscall(SYS_OPENAT2, directory, bytes, how, HOW_SIZE);
                if (found >= 0) {
                    return OptionalInt.of((int) found);
                }
                errno = Native.getLastError();
            }
            // EPERM: a seccomp filter around the JVM that is older than the call.
            if (errno == Errno.ENOSYS || errno == Errno.EPERM) {
                return OptionalInt.empty();
            }
            throw new ErrnoException("openat2", path, errno);
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native long syscall(long number, long directory, byte[] path, Pointer how, long size);
    }
}
