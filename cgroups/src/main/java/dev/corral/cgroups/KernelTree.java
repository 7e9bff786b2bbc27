package dev.corral.cgroups;

import dev.corral.internal.linux.Directory;
import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's own. Files are opened without O_CREAT and O_TRUNC: the first would turn "no such file" into "permission
 * denied". No FileChannel, which an interrupt closes for good.
 */
final class KernelTree implements Tree {
    private static final int CHUNK = 8192;

    @Override
    public Optional<String> read(Path file) {
        try (Fd fd = new Fd(LibC.open(file, LibC.O_RDONLY))) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            byte[] buffer = new byte[CHUNK];
            int n;
            while ((n = LibC.pread(fd.number(), buffer, buffer.length, text.size())) > 0) {
                text.write(buffer, 0, n);
            }
            return Optional.of(text.toString(StandardCharsets.UTF_8));
        } catch (ErrnoException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public Acquire acquire(Path directory) {
        return new KernelFiles(Directory.open(directory));
    }

    @Override
    public void write(Path file, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Fd fd = new Fd(LibC.open(file, LibC.O_WRONLY))) {
            if (LibC.write(fd.number(), bytes, bytes.length) == LibC.WOULD_BLOCK) {
                throw new ErrnoException("write", file.toString(), Errno.EAGAIN);
            }
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
        return entries(directory, Files::isDirectory);
    }

    @Override
    public List<String> files(Path directory) {
        return entries(directory, entry -> Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)).stream()
                .map(entry -> String.valueOf(entry.getFileName()))
                .toList();
    }

    @Override
    public Optional<Long> inode(Path directory) {
        try {
            return Optional.of(((Number) Files.getAttribute(directory, "unix:ino")).longValue());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed("stat", directory, e);
        }
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

    private static List<Path> entries(Path directory, DirectoryStream.Filter<Path> filter) {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, filter)) {
            List<Path> entries = new ArrayList<>();
            stream.forEach(entries::add);
            return entries;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return List.of();
            }
            throw failed("readdir", directory, e);
        } catch (IOException e) {
            throw failed("readdir", directory, e);
        }
    }

    private record KernelFiles(Directory directory) implements Acquire {
        @Override
        public Optional<Source> open(String file) {
            try {
                return Optional.of(new KernelFile(directory.open(file, LibC.O_RDONLY)));
            } catch (ErrnoException e) {
                // EOPNOTSUPP: pressure, which the kernel was booted without
                if (e.errno() == Errno.ENOENT || e.errno() == Errno.EOPNOTSUPP) {
                    return Optional.empty();
                }
                throw e;
            }
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

    /** java.nio knows the condition and not its number. */
    private static ErrnoException failed(String call, Path path, Exception e) {
        int errno = e instanceof AccessDeniedException
                ? Errno.EACCES
                : e instanceof NoSuchFileException ? Errno.ENOENT : Errno.EIO;
        return new ErrnoException(call, path.toString(), errno);
    }
}
