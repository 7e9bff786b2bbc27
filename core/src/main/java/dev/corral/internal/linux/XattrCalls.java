package dev.corral.internal.linux;

import com.sun.jna.Native;
import java.nio.file.Path;
import java.util.Optional;

/** Extended attributes with a text as their value; {@link NativeBuffer} sets them. Source: xattr(7). */
public final class XattrCalls {
    private static final int USUAL = 256;
    /** The kernel takes no longer ones. */
    private static final int LONGEST = 1 << 16;

    private XattrCalls() {}

    /** The attribute; empty if the file, or the file system, does not have it. */
    public static Optional<String> get(Path path, String name) {
        return get(path, name, USUAL);
    }

    private static Optional<String> get(Path path, String name, int room) {
        byte[] buffer = new byte[room];
        long length = Raw.getxattr(LibC.pathBytes(path), LibC.cString(name), buffer, (long) room);
        if (length >= 0) {
            return Optional.of(FileNames.text(buffer, 0, (int) length));
        }
        int errno = Native.getLastError();
        if (errno == Errno.ERANGE && room < LONGEST) {
            return get(path, name, LONGEST);
        }
        if (errno == Errno.ENODATA || errno == Errno.EOPNOTSUPP || errno == Errno.ENOENT) {
            return Optional.empty();
        }
        throw new ErrnoException("getxattr", path.toString(), errno);
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native long getxattr(byte[] path, byte[] name, byte[] value, long length);
    }
}
