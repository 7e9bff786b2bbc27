package dev.corral.cgroups;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files of one group of a kernel in memory. */
record FakeFiles(Tree kernel, Path directory, long inode) implements Acquire {
    @Override
    public Optional<Source> open(String file) {
        Path path = directory.resolve(file);
        return kernel.read(path).map(present -> new FakeFile(this, path));
    }

    @Override
    public List<String> names() {
        return List.of();
    }

    @Override
    public void close() {}

    private record FakeFile(FakeFiles files, Path path) implements Source {
        @Override
        public void read(Scratch into) {
            boolean gone = !files.kernel.inode(files.directory).equals(Optional.of(files.inode));
            if (gone) {
                throw new ErrnoException("pread", path.toString(), Errno.ENODEV);
            }
            into.set(files.kernel
                    .read(path)
                    .orElseThrow(() -> new ErrnoException("pread", path.toString(), Errno.ENODEV))
                    .getBytes(UTF_8));
        }

        @Override
        public void close() {}
    }
}
