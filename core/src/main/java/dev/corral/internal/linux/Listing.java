package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is in a directory, as the kernel lists it. Source: getdents64(2). */
final class Listing {
    private static final int SYS_GETDENTS64 = Machine.X86 ? 217 : 61;
    private static final int BUFFER = 32 * 1024;

    /** struct linux_dirent64. */
    private static final int DIRENT_LENGTH = 16;

    private static final int DIRENT_TYPE = 18;
    private static final int DIRENT_NAME = 19;

    private static final int DT_UNKNOWN = 0;
    private static final int DT_DIR = 4;
    private static final int DT_REG = 8;
    private static final int DT_LNK = 10;

    private Listing() {}

    /**
     * One of them.
     *
     * @param name as {@link FileNames} has it
     * @param type empty where the file system does not tell it here
     */
    record Entry(String name, Optional<Stat.Type> type) {}

    /** All but "." and "..", in the kernel's order. */
    static List<Entry> of(int directory) {
        List<Entry> entries = new ArrayList<>();
        try (Fd listing = new Fd(LibC.openAt(directory, ".", LibC.O_RDONLY | LibC.O_DIRECTORY));
                Memory buffer = new Memory(BUFFER)) {
            long length;
            while ((length = fill(listing.number(), buffer)) > 0) {
                for (long at = 0; at < length; at += Short.toUnsignedInt(buffer.getShort(at + DIRENT_LENGTH))) {
                    String name = name(buffer, at + DIRENT_NAME);
                    if (!name.equals(".") && !name.equals("..")) {
                        entries.add(new Entry(name, type(buffer.getByte(at + DIRENT_TYPE))));
                    }
                }
            }
        }
        return entries;
    }

    private static String name(Memory buffer, long at) {
        return FileNames.text(buffer.getByteArray(at, (int) buffer.indexOf(at, (byte) 0)));
    }

    private static Optional<Stat.Type> type(byte listed) {
        return switch (listed) {
            case DT_UNKNOWN -> Optional.empty();
            case DT_DIR -> Optional.of(Stat.Type.DIRECTORY);
            case DT_REG -> Optional.of(Stat.Type.FILE);
            case DT_LNK -> Optional.of(Stat.Type.SYMLINK);
            default -> Optional.of(Stat.Type.SPECIAL);
        };
    }

    private static long fill(int listing, Memory buffer) {
        while (true) {
            long length = Raw.syscall(SYS_GETDENTS64, listing, buffer, BUFFER);
            if (length >= 0) {
                return length;
            }
            int errno = Native.getLastError();
            if (errno != Errno.EINTR) {
                throw new ErrnoException("getdents64", "", errno);
            }
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native long syscall(long number, long fd, Pointer buffer, long length);
    }
}
