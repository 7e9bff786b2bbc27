package dev.corral.cgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The descriptors of this JVM that control groups are behind: their files and directories, and what events are heard with. What
 * others open and close meanwhile, such as class loading or the pipes of Surefire's ps(1), is none of them.
 */
final class OpenDescriptors {
    private static final Path ALL = Path.of("/proc/self/fd");

    private OpenDescriptors() {}

    static long count() {
        return count(target -> target.startsWith("anon_inode:") || target.contains("cgroup"));
    }

    /** Files and directories alone: what has listened closes a moment later, on its own thread. */
    static long files() {
        return count(target -> target.contains("cgroup"));
    }

    private static long count(Predicate<String> wanted) {
        try (Stream<Path> open = Files.list(ALL)) {
            return open.flatMap(link -> target(link).stream()).filter(wanted).count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException closedMeanwhile) {
            return Optional.empty();
        }
    }
}
