package dev.corral.cgroups;

import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
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
    /** Most texts are of a few bytes; the array is copied to the kernel's side and back as a whole. */
    private static final int CHUNK = 1024;

    @Override
    public Optional<String> read(Path file) {
        return opened(file, KernelTree::text);
    }

    @Override
    public Optional<String> value(Path file) {
        return opened(file, KernelTree::value);
    }

    private static Optional<String> opened(Path file, Function<Fd, String> reading) {
        try (Fd fd = new Fd(LibC.open(file, LibC.O_RDONLY))) {
            return Optional.of(reading.apply(fd));
        } catch (ErrnoException e) {
            // ESRCH: of a process that ended meanwhile
            if (e.errno() == Errno.ENOENT || e.errno() == Errno.ESRCH) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** What does not fill the buffer is all of it. */
    private static String value(Fd fd) {
        byte[] buffer = new byte[CHUNK];
        int length = LibC.pread(fd.number(), buffer, buffer.length, 0);
        return length < buffer.length ? new String(buffer, 0, length, StandardCharsets.UTF_8) : text(fd);
    }

    private static String text(Fd fd) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        byte[] buffer = new byte[CHUNK];
        int n;
        while ((n = LibC.pread(fd.number(), buffer, buffer.length, text.size())) > 0) {
            text.write(buffer, 0, n);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    @Override
    public Acquire acquire(Path directory) {
        return new KernelFiles(Directory.open(directory));
    }

    @Override
    public void write(Path file, String text) {
        try (Fd fd = new Fd(LibC.open(file, LibC.O_WRONLY))) {
            write(fd, file, text);
        }
    }

    @Override
    public void write(Path directory, long inode, String file, String text) {
        try (Directory held = Directory.open(directory)) {
            if (held.stat().inode() != inode) {
                throw new ErrnoException("open", directory.toString(), Errno.ENODEV);
            }
            try (Fd fd = held.beneath(file, LibC.O_WRONLY)) {
                write(fd, directory.resolve(file), text);
            }
        }
    }

    @Override
    public Edit edit(Path directory, long inode, String file) {
        try (Directory held = Directory.open(directory)) {
            if (held.stat().inode() != inode) {
                throw new ErrnoException("open", directory.toString(), Errno.ENODEV);
            }
            try {
                return new KernelEdit(directory.resolve(file), held.beneath(file, LibC.O_RDWR));
            } catch (ErrnoException e) {
                // what can't be both read and written fails, or not, at the step that it is needed for
                return Tree.super.edit(directory, inode, file);
            }
        }
    }

    private static void write(Fd fd, Path file, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (LibC.write(fd.number(), bytes, bytes.length) == LibC.WOULD_BLOCK) {
            throw new ErrnoException("write", file.toString(), Errno.EAGAIN);
        }
    }

    @Override
    public void mkdir(Path directory) {
        LibC.mkdir(directory, 0755);
    }

    @Override
    public void rmdir(Path directory) {
        LibC.rmdir(directory);
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
        return Directory.inode(directory);
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
        XattrCalls.set(directory, name, value);
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

    private record KernelFiles(Directory directory) implements Acquire {
        @Override
        public Optional<Source> open(String file) {
            return directory.openIfAny(file, LibC.O_RDONLY).map(KernelFile::new);
        }

        @Override
        public List<String> names() {
            return directory.names();
        }

        @Override
        public long inode() {
            return directory.stat().inode();
        }

        @Override
        public void close() {
            directory.close();
        }
    }

    private record KernelFile(Fd fd) implements Acquire.Source {
        @Override
        public void read(Scratch into) {
            into.read(fd.number());
        }

        @Override
        public void close() {
            fd.close();
        }
    }

    private record KernelEdit(Path file, Fd fd) implements Edit {
        @Override
        public Optional<String> read() {
            return Optional.of(value(fd));
        }

        @Override
        public void write(String text) {
            KernelTree.write(fd, file, text);
        }

        @Override
        public void close() {
            fd.close();
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
