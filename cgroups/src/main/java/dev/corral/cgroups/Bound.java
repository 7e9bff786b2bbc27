package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A tree for who may come back to one directory much later: what was read in it counts if it was that very one, and is an
 * ErrnoException with ENODEV if another one has its name. Safe for use by several threads.
 */
final class Bound extends Held {
    private final Path directory;
    private final long inode;

    Bound(Tree tree, Path directory, long inode) {
        super(tree);
        this.directory = directory;
        this.inode = inode;
    }

    @Override
    public Optional<String> read(Path file) {
        return own(file.getParent(), super.read(file));
    }

    @Override
    public Optional<String> value(Path other, String file) {
        return own(other, super.value(other, file));
    }

    @Override
    public List<String> files(Path other) {
        List<String> files = super.files(other);
        return isAnothers(other) ? List.of() : files;
    }

    @Override
    public Held hold(Path other, long number) {
        return tree.hold(other, number);
    }

    private <T> T own(@Nullable Path other, T answer) {
        if (isAnothers(other)) {
            throw new ErrnoException("read", directory.toString(), Errno.ENODEV);
        }
        return answer;
    }

    private boolean isAnothers(@Nullable Path other) {
        return directory.equals(other) && !tree.inode(directory).equals(Optional.of(inode));
    }
}
