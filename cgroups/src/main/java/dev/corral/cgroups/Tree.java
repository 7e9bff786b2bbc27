package dev.corral.cgroups;

import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The file system that holds the groups; a failure is an {@link ErrnoException}. */
interface Tree {
    /** The whole text of a file; empty if there is no such file. */
    Optional<String> read(Path file);

    /** The files of a directory for repeated reading; ENOENT if there is no such directory. */
    Acquire acquire(Path directory);

    /** Writes a text in one call to a file that exists. */
    void write(Path file, String text);

    void mkdir(Path directory);

    void rmdir(Path directory);

    /** The directories in a directory, in no order; none if it is gone. */
    List<Path> children(Path directory);

    /** The names of the files in a directory, without directories and links; none if it is gone. */
    List<String> files(Path directory);

    /** The number that tells a directory from a later one of the same name; empty if it is gone. */
    Optional<Long> inode(Path directory);

    boolean writable(Path path);

    /** The uid that owns a directory. */
    int owner(Path directory);
}
