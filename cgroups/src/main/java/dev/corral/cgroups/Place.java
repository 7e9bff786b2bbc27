package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where this process's group of a hierarchy lies in the file system, or why that can't be said. */
sealed interface Place {
    /** The directory; empty when there is none to be seen. */
    default Optional<Path> directory() {
        return this instanceof At at ? Optional.of(at.path()) : Optional.empty();
    }

    /**
     * It can be seen.
     *
     * @param path the group's directory
     * @param mountPoint where its hierarchy is mounted; the directory itself or one above it
     */
    record At(Path path, Path mountPoint) implements Place {}

    /** No mount of the hierarchy. */
    record NotMounted() implements Place {}

    /** There is a mount, and the group is not below it. */
    record NotVisible(String why) implements Place {}

    /** The mount point plus the group's path less the mount's root, for the best of several mounts of one hierarchy. */
    static Place of(Membership membership, List<MountInfo> mounts) {
        String path = membership.path();
        if (mounts.isEmpty()) {
            return new NotMounted();
        }
        if (membership.cut()) {
            return new NotVisible("the path of this process's group is too long for the kernel to print");
        }
        if (path.endsWith(" (deleted)")) {
            return new NotVisible("the group of this process, " + path + ", was removed");
        }
        if (path.startsWith("/..")) {
            return new NotVisible("the group of this process lies outside its cgroup namespace, at " + path);
        }
        return mounts.stream()
                .map(mount -> below(mount, path))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> new NotVisible("the group of this process, " + path + ", is not below "
                        + mounts.get(0).point() + ", where only "
                        + mounts.get(0).root() + " is mounted"));
    }

    private static Optional<Place> below(MountInfo mount, String path) {
        String root = mount.root();
        if (root.equals("/") || path.equals(root) || path.startsWith(root + "/")) {
            String rest = root.equals("/") ? path.substring(1) : path.substring(root.length());
            String relative = rest.startsWith("/") ? rest.substring(1) : rest;
            return Optional.of(new At(mount.point().resolve(relative), mount.point()));
        }
        return Optional.empty();
    }
}
