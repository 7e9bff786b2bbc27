package dev.corral.reconcile.workload;

import java.util.List;

/** The file tree that a container begins with, before its volumes are mounted. */
public sealed interface RootTree {
    /** The host's, as it is: what the host's users may reach, the container may reach. */
    record Host() implements RootTree {}

    /** The host's programs and settings, read-only; everything else is empty and private. */
    record HostSystem() implements RootTree {}

    /**
     * A directory of the host, shared by all who begin with it.
     *
     * @param path absolute
     */
    record Directory(String path) implements RootTree {}

    /**
     * Directories of the host laid over one another; changes are kept in memory until the container ends.
     *
     * @param lower absolute paths, the first on top, at least one
     */
    record Overlay(List<String> lower) implements RootTree {
        public Overlay {
            lower = List.copyOf(lower);
        }
    }

    /** Checks the paths. */
    static void validate(RootTree tree, Problems problems) {
        if (tree instanceof Directory directory) {
            Paths.absolute(directory.path(), problems.at("path"));
        } else if (tree instanceof Overlay overlay) {
            problems.at("lower").require(!overlay.lower().isEmpty(), overlay.lower(), "it needs a directory");
            problems.each("lower", overlay.lower(), Paths::absolute);
        }
    }
}
