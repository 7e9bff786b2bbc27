package dev.corral.cgroups;

import java.util.List;
import java.util.Optional;

/**
 * The way to the texts of one group's control files. It is bound to the directory that it was made for, whatever takes its
 * path later. A failure is an {@link dev.corral.internal.linux.ErrnoException}, ENODEV once the group was removed.
 */
interface Acquire extends AutoCloseable {
    /** A file to be read again and again; empty if there is no such file. Outlives this. */
    Optional<Source> open(String file);

    /** Puts the whole text of a file into the buffer; false if there is no such file. */
    default boolean read(String file, Scratch into) {
        Optional<Source> found = open(file);
        found.ifPresent(source -> {
            try (source) {
                source.read(into);
            }
        });
        return found.isPresent();
    }

    /** The names of all files, in no order. */
    List<String> names();

    /** The number that tells the directory from a later one of the same name. */
    long inode();

    @Override
    void close();

    /** One file that is open. */
    interface Source extends AutoCloseable {
        /** Puts the whole text into the buffer. */
        void read(Scratch into);

        @Override
        void close();
    }
}
