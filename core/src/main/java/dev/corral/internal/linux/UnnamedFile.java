package dev.corral.internal.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** Files without a name, which go away with their last descriptor whatever happens to the JVM. */
public final class UnnamedFile {
    private static final int O_TMPFILE = 020000000 | LibC.O_DIRECTORY;
    private static final int F_FLAGS = 80;
    private static final int ST_NOEXEC = 8;

    private UnnamedFile() {}

    /**
     * A new file, open for reading and writing. Where the file system can't make one without a name it has one for a moment.
     * Source: open(2), O_TMPFILE.
     */
    public static Fd in(Path directory, int mode) throws IOException {
        try {
            return new Fd(LibC.open(directory, O_TMPFILE | LibC.O_RDWR, mode));
        } catch (ErrnoException refused) {
            // EISDIR and ENOENT: kernels that don't know the flag. What else is wrong shows again at once.
            Path file = directory.resolve("corral-" + UUID.randomUUID());
            Fd made = new Fd(LibC.open(file, LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL, mode));
            try {
                Files.delete(file);
                return made;
            } catch (IOException | RuntimeException | Error failed) {
                made.close();
                throw failed;
            }
        }
    }

    /** Whether nothing below a directory can be executed. Source: statfs(2), ST_NOEXEC. */
    public static boolean forbidsExecution(Path directory) {
        try (Memory buffer = new Memory(256)) {
            if (Raw.statfs(LibC.pathBytes(directory), buffer) != 0) {
                throw new ErrnoException("statfs", directory.toString(), Native.getLastError());
            }
            return (buffer.getLong(F_FLAGS) & ST_NOEXEC) != 0;
        }
    }

    /** The functions of libc as they are. */
    private static final class Raw {
        static {
            NativePart.map(Raw.class);
        }

        private Raw() {}

        static native int statfs(byte[] path, Pointer buffer);
    }
}
