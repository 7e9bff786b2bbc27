package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The groups whose limits hold for a child: for each controller its own one, or where its own group does not have the controller the
 * one that it is in all the same. In version 1 that is the group of this process, which a child inherits; in version 2 it is the
 * nearest one above that has the controller.
 *
 * @param directories those of the child's own group
 * @param layout of the host
 */
record Charged(List<GroupDirectory> directories, Layout layout) {
    static Charged of(Cgroup group) {
        return new Charged(group.directories(), group.host().layout());
    }

    /** The child's own one. */
    Optional<GroupDirectory> own(String controller) {
        return directories.stream()
                .filter(directory -> directory.has(controller))
                .findFirst();
    }

    /** The one that limits it. */
    Optional<GroupDirectory> holder(String controller) {
        return own(controller).or(() -> inherited(controller));
    }

    /** Its own directory in the version 2 tree. */
    Optional<GroupDirectory> unified() {
        return directories.stream()
                .filter(directory -> directory.hierarchy().unified())
                .findFirst();
    }

    /** Each launch asks, so where this process was when the host was detected has to do; {@link #isStill} tells later if it moved. */
    private Optional<GroupDirectory> inherited(String controller) {
        Optional<Hierarchy> v1 = layout.v1(controller);
        return v1.isPresent()
                ? v1.flatMap(hierarchy -> hierarchy.own().directory().flatMap(path -> at(hierarchy, path)))
                : unified()
                        .flatMap(group -> group.upwards().stream()
                                .skip(1)
                                .filter(level -> level.has(controller))
                                .findFirst());
    }

    /** Whether a group that limits the child still does: of version 1 a child is where this process is, which may have been moved. */
    boolean isStill(GroupDirectory holder) {
        return directories.contains(holder)
                || holder.hierarchy().unified()
                || ofThisProcess(holder.hierarchy()).equals(Optional.of(holder));
    }

    private Optional<GroupDirectory> ofThisProcess(Hierarchy hierarchy) {
        return host().processes().own().stream()
                .filter(line -> line.controllers().equals(hierarchy.controllers()))
                .findFirst()
                .flatMap(line -> hierarchy.own() instanceof Place.At at ? at.resolve(line.path()) : Optional.empty())
                .flatMap(path -> at(hierarchy, path));
    }

    private Optional<GroupDirectory> at(Hierarchy hierarchy, Path path) {
        return GroupDirectory.at(host(), hierarchy, path);
    }

    private Host host() {
        return directories.get(0).host();
    }
}
