package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A tree with one directory that is held: what is in it is reached without finding the directory anew each time, and never in a
 * later one of its name. Only one thread uses it.
 */
class Held implements Tree, AutoCloseable {
    final Tree tree;

    /** Throws an ErrnoException with ENODEV if the directory is gone, or another one. */
    Held(Tree tree, Path directory, long inode) {
        this.tree = tree;
        if (!tree.inode(directory).equals(Optional.of(inode))) {
            throw new ErrnoException("open", directory.toString(), Errno.ENODEV);
        }
    }

    /** For who holds it by other means. */
    Held(Tree tree) {
        this.tree = tree;
    }

    @Override
    public Optional<String> read(Path file) {
        return tree.read(file);
    }

    @Override
    public Optional<String> value(Path directory, String file) {
        return tree.value(directory, file);
    }

    @Override
    public Acquire acquire(Path directory) {
        return tree.acquire(directory);
    }

    @Override
    public void write(Path file, String text) {
        tree.write(file, text);
    }

    @Override
    public void write(Path directory, long inode, String file, String text) {
        tree.write(directory, inode, file, text);
    }

    @Override
    public Edit edit(Path directory, long inode, String file) {
        return tree.edit(directory, inode, file);
    }

    @Override
    public void mkdir(Path directory) {
        tree.mkdir(directory);
    }

    @Override
    public void rmdir(Path directory) {
        tree.rmdir(directory);
    }

    @Override
    public List<Path> children(Path directory) {
        return tree.children(directory);
    }

    @Override
    public List<String> files(Path directory) {
        return tree.files(directory);
    }

    @Override
    public boolean exists(Path directory, String file) {
        return tree.exists(directory, file);
    }

    @Override
    public Optional<Long> inode(Path directory) {
        return tree.inode(directory);
    }

    @Override
    public boolean writable(Path path) {
        return tree.writable(path);
    }

    @Override
    public OptionalInt owner(Path path) {
        return tree.owner(path);
    }

    @Override
    public void chown(Path path, long user, long group) {
        tree.chown(path, user, group);
    }

    @Override
    public Optional<String> attribute(Path directory, String name) {
        return tree.attribute(directory, name);
    }

    @Override
    public void setAttribute(Path directory, String name, String value) {
        tree.setAttribute(directory, name, value);
    }

    @Override
    public void close() {}
}
