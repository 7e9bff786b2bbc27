package dev.corral.cgroups;

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

    private Optional<GroupDirectory> inherited(String controller) {
        Optional<Hierarchy> v1 = layout.v1(controller);
        return v1.isPresent()
                ? v1.flatMap(this::ofThisProcess)
                : unified()
                        .flatMap(group -> group.upwards().stream()
                                .skip(1)
                                .filter(level -> level.has(controller))
                                .findFirst());
    }

    /** It may have been moved since the host was detected. */
    private Optional<GroupDirectory> ofThisProcess(Hierarchy hierarchy) {
        Host host = directories.get(0).host();
        return host.processes().own().stream()
                .filter(line -> line.controllers().equals(hierarchy.controllers()))
                .findFirst()
                .flatMap(line -> hierarchy.own() instanceof Place.At at ? at.resolve(line.path()) : Optional.empty())
                .flatMap(path -> GroupDirectory.at(host, hierarchy, path));
    }
}
