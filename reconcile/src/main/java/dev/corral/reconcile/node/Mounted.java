package dev.corral.reconcile.node;

import dev.corral.reconcile.workload.Content;
import java.nio.file.Path;
import java.util.Map;

/** A volume, or a part of one, at its place in a container. */
sealed interface Mounted {
    Path target();

    /**
     * A file or directory of this host.
     *
     * @param source as this JVM reaches it
     */
    record Bound(Path source, Path target, boolean readOnly) implements Mounted {}

    /** Files in memory, read-only, by their paths below the target. */
    record Files(Path target, Map<Path, File> files) implements Mounted {
        public Files {
            files = Map.copyOf(files);
        }
    }

    /** One file in memory, read-only. */
    record Single(Path target, File file) implements Mounted {}

    /** What is in a file, and its permission bits. */
    record File(Content content, int mode) {}
}
