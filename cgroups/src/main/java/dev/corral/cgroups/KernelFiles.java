package dev.corral.cgroups;

import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NativeBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of one directory of the kernel's, which is held open; by who closes it in the same breath, so without a safety net. */
final class KernelFiles implements Acquire {
    private final NativeBuffers buffers;
    private final long inode;
    private int fd;

    KernelFiles(NativeBuffers buffers, Path directory) {
        this.buffers = buffers;
        NativeBuffer calls = buffers.take();
        fd = -1;
        try {
            fd = calls.directory(directory);
            inode = calls.inode(fd);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public long inode() {
        return inode;
    }

    @Override
    public Optional<Source> open(String file) {
        NativeBuffer calls = buffers.take();
        try {
            int answer = calls.tryOpenIn(fd, file, LibC.O_RDONLY);
            return isAbsent(file, answer) ? Optional.empty() : Optional.of(new KernelFile(new Fd(answer)));
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public boolean read(String file, Scratch into) {
        return !isAbsent(file, into.readIn(fd, file));
    }

    @Override
    public List<String> names() {
        try (Directory listed = Directory.open(Path.of("/proc/self/fd/" + fd))) {
            return listed.names();
        }
    }

    @Override
    public void close() {
        NativeBuffer.close(fd);
        fd = -1;
    }

    /** Not there, or switched off. */
    private static boolean isAbsent(String file, int answer) {
        if (answer == -Errno.ENOENT || answer == -Errno.EOPNOTSUPP) {
            return true;
        }
        if (answer < 0) {
            throw new ErrnoException("open", file, -answer);
        }
        return false;
    }

    private record KernelFile(Fd fd) implements Source {
        @Override
        public void read(Scratch into) {
            into.read(fd.number());
        }

        @Override
        public void close() {
            fd.close();
        }
    }
}
