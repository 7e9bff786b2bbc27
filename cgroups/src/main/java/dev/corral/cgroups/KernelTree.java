package dev.corral.cgroups;

import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NativeBuffer;
import dev.corral.internal.linux.XattrCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The kernel's own. Files are opened without O_CREAT and O_TRUNC: the first would turn "no such file" into "permission
 * denied". No FileChannel, which an interrupt closes for good.
 */
final class KernelTree implements Tree {
    private static final int MODE = 0755;

    private final NativeBuffers buffers = new NativeBuffers();

    @Override
    public Optional<String> read(Path file) {
        NativeBuffer calls = buffers.take();
        try {
            int answer = calls.tryOpen(file, LibC.O_RDONLY);
            return isAbsent(answer) ? Optional.empty() : text(calls, opened(answer, file), false);
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public Optional<String> value(Path directory, String file) {
        NativeBuffer calls = buffers.take();
        try {
            int answer = calls.tryOpen(directory, file, LibC.O_RDONLY);
            return value(calls, answer, directory, file);
        } finally {
            buffers.give(calls);
        }
    }

    /**
     * The text of a control file, which is closed; empty if there is none.
     *
     * @param answer of the call that opened it
     */
    static Optional<String> value(NativeBuffer calls, int answer, Path directory, String file) {
        return isAbsent(answer)
                ? Optional.empty()
                : text(calls, answer < 0 ? opened(answer, directory.resolve(file)) : answer, true);
    }

    /** ESRCH: of a process that ended meanwhile. */
    private static boolean isAbsent(int answer) {
        return answer == -Errno.ENOENT || answer == -Errno.ESRCH;
    }

    private static int opened(int answer, Path file) {
        if (answer < 0) {
            throw new ErrnoException("open", file.toString(), -answer);
        }
        return answer;
    }

    private static Optional<String> text(NativeBuffer calls, int fd, boolean whole) {
        try {
            return Optional.of(whole ? value(calls, fd) : text(calls, fd));
        } catch (ErrnoException e) {
            if (isAbsent(-e.errno())) {
                return Optional.empty();
            }
            throw e;
        } finally {
            NativeBuffer.close(fd);
        }
    }

    /** What does not fill the buffer is all of it. */
    static String value(NativeBuffer calls, int fd) {
        int length = calls.pread(fd, 0);
        return length < calls.capacity() ? calls.text(length) : text(calls, fd);
    }

    private static String text(NativeBuffer calls, int fd) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] part = new byte[calls.capacity()];
        int n;
        while ((n = calls.pread(fd, text.size())) > 0) {
            calls.copy(part, 0, n);
            text.write(part, 0, n);
        }
        return FileNames.text(text.toByteArray());
    }

    @Override
    public Acquire acquire(Path directory) {
        return new KernelFiles(buffers, directory);
    }

    @Override
    public void write(Path file, String text) {
        NativeBuffer calls = buffers.take();
        int fd = -1;
        try {
            fd = calls.open(file, LibC.O_WRONLY);
            calls.write(fd, text);
        } finally {
            NativeBuffer.close(fd);
            buffers.give(calls);
        }
    }

    @Override
    public Held hold(Path directory, long inode) {
        return new KernelHeld(this, buffers, directory, inode);
    }

    @Override
    public void write(Path directory, long inode, String file, String text) {
        try (Held held = hold(directory, inode)) {
            held.write(directory, inode, file, text);
        }
    }

    @Override
    public Edit edit(Path directory, long inode, String file) {
        try (Held held = hold(directory, inode)) {
            return held.edit(directory, inode, file);
        }
    }

    @Override
    public void mkdir(Path directory) {
        NativeBuffer calls = buffers.take();
        try {
            calls.mkdir(directory, MODE);
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public void rmdir(Path directory) {
        NativeBuffer calls = buffers.take();
        try {
            calls.rmdir(directory);
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public List<Path> children(Path directory) {
        return names(directory, Directory::directories).stream()
                .map(name -> FileNames.in(directory, name))
                .toList();
    }

    @Override
    public List<String> files(Path directory) {
        return names(directory, Directory::files);
    }

    @Override
    public boolean exists(Path directory, String file) {
        return Files.exists(directory.resolve(file), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public Optional<Long> inode(Path directory) {
        NativeBuffer calls = buffers.take();
        try {
            return calls.inode(directory);
        } catch (ErrnoException e) {
            // below a file
            if (e.errno() == Errno.ENOTDIR) {
                return Optional.empty();
            }
            throw e;
        } finally {
            buffers.give(calls);
        }
    }

    @Override
    public boolean writable(Path path) {
        return Files.isWritable(path);
    }

    @Override
    public OptionalInt owner(Path path) {
        try {
            return OptionalInt.of((Integer) Files.getAttribute(path, "unix:uid"));
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    @Override
    public void chown(Path path, long user, long group) {
        Path parent = Objects.requireNonNull(path.getParent());
        try (Directory directory = Directory.open(parent)) {
            directory.chown(FileNames.text(Objects.requireNonNull(path.getFileName())), user, group);
        }
    }

    @Override
    public Optional<String> attribute(Path directory, String name) {
        return XattrCalls.get(directory, name);
    }

    @Override
    public void setAttribute(Path directory, String name, String value) {
        NativeBuffer calls = buffers.take();
        try {
            calls.setAttribute(directory, name, value);
        } finally {
            buffers.give(calls);
        }
    }

    private static List<String> names(Path directory, Function<Directory, List<String>> list) {
        try (Directory open = Directory.open(directory)) {
            return list.apply(open);
        } catch (ErrnoException e) {
            // ESRCH: below /proc, of a process that ended meanwhile
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENODEV || e.errno() == Errno.ESRCH) {
                return List.of();
            }
            throw e;
        }
    }
}
