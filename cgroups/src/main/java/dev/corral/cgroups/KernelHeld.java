package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NativeBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** A directory of the kernel's held by a descriptor, which no later one of the same name can take. */
final class KernelHeld extends Held {
    private final NativeBuffers buffers;
    private final NativeBuffer calls;
    private final Path directory;
    private int fd = -1;
    private boolean closed;

    KernelHeld(KernelTree tree, NativeBuffers buffers, Path directory, long inode) {
        super(tree);
        this.buffers = buffers;
        this.directory = directory;
        calls = buffers.take();
        try {
            fd = calls.directory(directory);
            if (calls.inode(fd) != inode) {
                throw new ErrnoException("open", directory.toString(), Errno.ENODEV);
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    @Override
    public Optional<String> value(Path other, String file) {
        return other.equals(directory)
                ? KernelTree.value(calls, calls.tryOpenIn(fd, file, LibC.O_RDONLY), directory, file)
                : super.value(other, file);
    }

    @Override
    public boolean exists(Path other, String file) {
        return other.equals(directory) ? calls.exists(fd, file) : super.exists(other, file);
    }

    @Override
    public void write(Path other, long inode, String file, String text) {
        if (!other.equals(directory)) {
            super.write(other, inode, file, text);
            return;
        }
        int number = calls.openIn(fd, file, LibC.O_WRONLY);
        try {
            calls.write(number, text);
        } finally {
            NativeBuffer.close(number);
        }
    }

    @Override
    public Edit edit(Path other, long inode, String file) {
        if (!other.equals(directory)) {
            return super.edit(other, inode, file);
        }
        try {
            return new KernelEdit(buffers, calls.openIn(fd, file, LibC.O_RDWR));
        } catch (ErrnoException e) {
            // what can't be both read and written fails, or not, at the step that it is needed for
            return new Edit.InSteps(tree, directory, inode, file);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            NativeBuffer.close(fd);
            buffers.give(calls);
        }
    }
}
