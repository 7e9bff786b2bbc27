package dev.corral.cgroups;

import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The file system that holds the groups; a failure is an {@link ErrnoException}. */
interface Tree {
    /** The whole text of a file; empty if there is no such file. */
    Optional<String> read(Path file);

    /** The same of a control file that the kernel writes as a whole, unlike a list of processes. */
    default Optional<String> value(Path directory, String file) {
        return read(directory.resolve(file));
    }

    /** The files of a directory for repeated reading; ENOENT if there is no such directory. */
    Acquire acquire(Path directory);

    /** Writes a text in one call to a file that exists. */
    void write(Path file, String text);

    /** This tree with one directory held, and no later one of the same name: ENODEV then. */
    default Held hold(Path directory, long inode) {
        return new Held(this, directory, inode);
    }

    /**
     * Writes a text in one call to a file of one directory, and of no later one of the same name: ENODEV then.
     *
     * @param inode of the directory that is meant
     */
    default void write(Path directory, long inode, String file, String text) {
        try (Held held = hold(directory, inode)) {
            held.write(directory.resolve(file), text);
        }
    }

    /**
     * One file of one directory, and of no later one of the same name: ENODEV then. To be read, written and read back, without
     * being opened twice for that where it can be helped.
     */
    default Edit edit(Path directory, long inode, String file) {
        hold(directory, inode).close();
        return new Edit.InSteps(this, directory, inode, file);
    }

    void mkdir(Path directory);

    void rmdir(Path directory);

    /** The directories in a directory, in no order; none if it is gone. */
    List<Path> children(Path directory);

    /** The names of the files in a directory, without directories and links; none if it is gone. */
    List<String> files(Path directory);

    /** Whether there is such a file, to be read or not. */
    default boolean exists(Path directory, String file) {
        return files(directory).contains(file);
    }

    /** The number that tells a directory from a later one of the same name; empty if it is gone. */
    Optional<Long> inode(Path directory);

    boolean writable(Path path);

    /** The uid that owns a file or a directory; empty if it is gone, or may not be looked at. */
    OptionalInt owner(Path path);

    /** Gives a file or a directory to another user and group. */
    void chown(Path path, long user, long group);

    /** An extended attribute; empty if it is not set, or can't be here. */
    Optional<String> attribute(Path directory, String name);

    void setAttribute(Path directory, String name, String value);
}
