package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.Set;

/**
 * One tree of groups.
 *
 * @param unified whether it is the tree of version 2
 * @param controllers what a hierarchy of version 1 holds; empty for version 2, where each group tells it by itself
 * @param own where this process's group lies
 * @param readOnly whether it is mounted read-only
 */
record Hierarchy(boolean unified, Set<String> controllers, Place own, boolean readOnly) {
    /** Whether both are one tree, as one process sees it. */
    boolean isSame(Hierarchy other) {
        return unified == other.unified && controllers.equals(other.controllers);
    }

    /** Whether it is one of version 1 with a controller, and not only a name. */
    boolean hasControllers() {
        for (String controller : controllers) {
            if (!controller.startsWith("name=")) {
                return true;
            }
        }
        return false;
    }

    /** Whether a directory lies in it, as far as it can be seen here. */
    boolean holds(Path directory) {
        return own instanceof Place.At at && directory.startsWith(at.mountPoint());
    }

    /** How far below the root of all files it is mounted; the deepest of several that hold a directory is its own. */
    int depth() {
        return own instanceof Place.At at ? at.mountPoint().getNameCount() : 0;
    }
}
