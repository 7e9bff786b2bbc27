package dev.corral.reconcile.node;

import dev.corral.ByteSize;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the logs of containers are kept, and how much of them.
 *
 * @param directory where the files are, each below its pod; empty for in memory
 * @param size the most of one run in memory, or of one file
 * @param files how many files there are for one run, 1 or more; the oldest one is deleted for a new one
 */
public record LogPolicy(Optional<Path> directory, ByteSize size, int files) {
    public LogPolicy {
        if (size.bytes() == 0 || files < 1) {
            throw new IllegalArgumentException(
                    files + " log files of " + size + ": both the size and the number must be more than 0");
        }
    }

    /** In memory, so much of each run; the run before is kept too. */
    public static LogPolicy memory(ByteSize size) {
        return new LogPolicy(Optional.empty(), size, 1);
    }

    /** In files of this size, so many for each run; they go with their pod. */
    public static LogPolicy files(Path directory, ByteSize size, int files) {
        return new LogPolicy(Optional.of(directory.toAbsolutePath()), size, files);
    }
}
