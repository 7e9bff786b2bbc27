package dev.corral.cgroups;

import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where this process's group of a hierarchy lies in the file system, or why that can't be said. */
sealed interface Place {
    String ABOVE = "/..";
    String DELETED = " (deleted)";

    /** The directory; empty when there is none to be seen. */
    default Optional<Path> directory() {
        return this instanceof At at ? Optional.of(at.path()) : Optional.empty();
    }

    /**
     * It can be seen.
     *
     * @param path the group's directory
     * @param mountPoint where its hierarchy is mounted; the directory itself or one above it
     * @param root which of the hierarchy's groups is mounted there, as {@code /proc/PID/cgroup} spells it
     */
    record At(Path path, Path mountPoint, String root) implements Place {
        /** The directory of another group of the hierarchy; empty if it is not below the mount. */
        Optional<Path> resolve(String group) {
            if (isAbove(group)) {
                return Optional.empty();
            }
            if (root.equals("/") || group.equals(root) || group.startsWith(root + "/")) {
                String rest = root.equals("/") ? group.substring(1) : group.substring(root.length());
                return Optional.of(FileNames.in(mountPoint, rest.startsWith("/") ? rest.substring(1) : rest));
            }
            return Optional.empty();
        }

        /** Whether it is the whole of what this process can see of the hierarchy. */
        boolean isTop() {
            return path.equals(mountPoint);
        }
    }

    /** No mount of the hierarchy. */
    record NotMounted() implements Place {}

    /** There is a mount, and the group can't be found in it. */
    sealed interface Hidden extends Place {
        String why();
    }

    /** The group was removed while the process was in it. */
    record Deleted(String path) implements Hidden {
        @Override
        public String why() {
            return "the group of this process, " + path + ", was removed";
        }
    }

    /** The group lies outside the cgroup namespace that the process looks from. Source: cgroup_namespaces(7). */
    record AboveNamespace(String path) implements Hidden {
        @Override
        public String why() {
            return "the group of this process lies outside its cgroup namespace, at " + path;
        }
    }

    /** Only another part of the hierarchy is mounted, or it was mounted from another cgroup namespace. */
    record NotVisible(String path, Path mountPoint, String root) implements Hidden {
        @Override
        public String why() {
            return root.startsWith(ABOVE)
                    ? mountPoint + " was mounted from another cgroup namespace, so that the group of this process, "
                            + path + " in its own, can't be told in it; mount the file system again from inside"
                    : "the group of this process, " + path + ", is not below " + mountPoint + ", where only " + root
                            + " is mounted";
        }
    }

    /** The kernel cut the line that tells the group. */
    record Unknown() implements Hidden {
        @Override
        public String why() {
            return "the path of this process's group is too long for the kernel to print";
        }
    }

    /** The mount point plus the group's path less the mount's root, for the best of several mounts of one hierarchy. */
    static Place of(Membership membership, List<MountInfo> mounts) {
        String path = membership.path();
        if (mounts.isEmpty()) {
            return new NotMounted();
        }
        if (membership.cut()) {
            return new Unknown();
        }
        if (path.endsWith(DELETED)) {
            return new Deleted(path.substring(0, path.length() - DELETED.length()));
        }
        if (isAbove(path)) {
            return new AboveNamespace(path);
        }
        MountInfo best = mounts.get(0);
        return mounts.stream()
                .map(mount -> below(mount, path))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> new NotVisible(path, best.point(), best.root()));
    }

    /** Whether it lies outside the cgroup namespace that it is told in. */
    private static boolean isAbove(String path) {
        return path.equals(ABOVE) || path.startsWith(ABOVE + "/");
    }

    private static Optional<Place> below(MountInfo mount, String path) {
        return new At(mount.point(), mount.point(), mount.root())
                .resolve(path)
                .map(directory -> new At(directory, mount.point(), mount.root()));
    }
}
