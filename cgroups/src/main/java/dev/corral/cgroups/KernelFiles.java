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

/** The files of one directory of the kernel's, which is held open. */
record KernelFiles(NativeBuffers buffers, Path directory, Fd fd, long inode) implements Acquire {
    @Override
    public Optional<Source> open(String file) {
        NativeBuffer calls = buffers.take();
        try {
            int answer = calls.tryOpenIn(fd.number(), file, LibC.O_RDONLY);
            return isAbsent(file, answer) ? Optional.empty() : Optional.of(new KernelFile(new Fd(answer)));
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public boolean read(String file, Scratch into) {
        return !isAbsent(file, into.readIn(fd.number(), file));
    }

    @Override
    public List<String> names() {
        try (Directory listed = Directory.open(Path.of("/proc/self/fd/" + fd.number()))) {
            return listed.names();
        }
    }

    @Override
    public void close() {
        fd.close();
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
