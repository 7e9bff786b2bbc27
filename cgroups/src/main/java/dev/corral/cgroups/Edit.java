package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.Optional;

/** A control file that is changed; a failure is an {@link dev.corral.internal.linux.ErrnoException}. */
interface Edit extends AutoCloseable {
    /** The whole text now; empty if there is no such file. */
    Optional<String> read();

    /** Writes a text in one call, to the directory that is meant and to no later one of its name: ENODEV then. */
    void write(String text);

    @Override
    void close();

    /** Opens the file anew for each step. */
    record InSteps(Tree tree, Path directory, long inode, String file) implements Edit {
        @Override
        public Optional<String> read() {
            return tree.read(directory.resolve(file));
        }

        @Override
        public void write(String text) {
            tree.write(directory, inode, file, text);
        }

        @Override
        public void close() {}
    }
}
