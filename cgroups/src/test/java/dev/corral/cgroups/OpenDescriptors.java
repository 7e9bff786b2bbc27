package dev.corral.cgroups;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The descriptors of this JVM that control groups are behind: their files and directories, and what events are heard with. What
 * others open and close meanwhile, such as class loading or the pipes of Surefire's ps(1), is none of them.
 */
final class OpenDescriptors {
    private static final Path ALL = Path.of("/proc/self/fd");

    private OpenDescriptors() {}

    static long count() {
        try (Stream<Path> open = Files.list(ALL)) {
            return open.filter(OpenDescriptors::ofGroups).count();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static boolean ofGroups(Path link) {
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("anon_inode:") || target.contains("cgroup");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
