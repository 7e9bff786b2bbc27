package dev.corral.cgroups;

import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NativeBuffer;
import dev.corral.internal.linux.XattrCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
        return with(calls -> text(file, calls, KernelTree::text));
    }

    @Override
    public Optional<String> value(Path file) {
        return with(calls -> text(file, calls, KernelTree::value));
    }

    private static Optional<String> text(Path file, NativeBuffer calls, Look look) {
        return text(calls, file, calls.tryOpen(NativeBuffer.ANYWHERE, file.toString(), LibC.O_RDONLY), look);
    }

    /** How a file that is open is read. */
    @FunctionalInterface
    interface Look {
        String text(NativeBuffer calls, int fd);
    }

    /**
     * The text of a file, which is closed; empty if there is none.
     *
     * @param answer of the call that opened it
     */
    static Optional<String> text(NativeBuffer calls, Path file, int answer, Look look) {
        // ESRCH: of a process that ended meanwhile
        if (answer == -Errno.ENOENT || answer == -Errno.ESRCH) {
            return Optional.empty();
        }
        if (answer < 0) {
            throw new ErrnoException("open", file.toString(), -answer);
        }
        try {
            return Optional.of(look.text(calls, answer));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
                return Optional.empty();
            }
            throw e;
        } finally {
            NativeBuffer.close(answer);
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
        return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    public Acquire acquire(Path directory) {
        return new KernelFiles(buffers, directory);
    }

    @Override
    public void write(Path file, String text) {
        with(calls -> {
            int fd = calls.open(file, LibC.O_WRONLY);
            try {
                calls.write(fd, text);
                return file;
            } finally {
                NativeBuffer.close(fd);
            }
        });
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
        with(calls -> {
            calls.mkdir(directory, MODE);
            return directory;
        });
    }

    @Override
    public void rmdir(Path directory) {
        with(calls -> {
            calls.rmdir(directory);
            return directory;
        });
    }

    @Override
    public List<Path> children(Path directory) {
        return names(directory, Directory::directories).stream()
                .map(directory::resolve)
                .toList();
    }

    @Override
    public List<String> files(Path directory) {
        return names(directory, Directory::files);
    }

    @Override
    public boolean exists(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public Optional<Long> inode(Path directory) {
        return with(calls -> calls.inode(directory));
    }

    @Override
    public boolean writable(Path path) {
        return Files.isWritable(path);
    }

    @Override
    public int owner(Path directory) {
        try {
            return (Integer) Files.getAttribute(directory, "unix:uid");
        } catch (IOException e) {
            throw failed("stat", directory, e);
        }
    }

    @Override
    public void chown(Path path, long user, long group) {
        Path parent = Objects.requireNonNull(path.getParent());
        try (Directory directory = Directory.open(parent)) {
            directory.chown(String.valueOf(path.getFileName()), user, group);
        }
    }

    @Override
    public Optional<String> attribute(Path directory, String name) {
        return XattrCalls.get(directory, name);
    }

    @Override
    public void setAttribute(Path directory, String name, String value) {
        with(calls -> {
            calls.setAttribute(directory, name, value);
            return name;
        });
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

    private <T> T with(Function<NativeBuffer, T> work) {
        NativeBuffer calls = buffers.take();
        try {
            return work.apply(calls);
        } finally {
            buffers.give(calls);
        }
    }

    /** java.nio knows the condition and not its number. */
    private static ErrnoException failed(String call, Path path, Exception e) {
        int errno = e instanceof AccessDeniedException
                ? Errno.EACCES
                : e instanceof NoSuchFileException ? Errno.ENOENT : Errno.EIO;
        return new ErrnoException(call, path.toString(), errno);
    }
}
