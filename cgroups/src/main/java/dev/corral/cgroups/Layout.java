package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The hierarchies this process can see, from two texts of /proc.
 *
 * @param hierarchies one for each line of {@code /proc/self/cgroup}, in that order
 */
record Layout(CgroupMode mode, List<Hierarchy> hierarchies) {
    private static final Path HOME = Path.of("/sys/fs/cgroup");

    /**
     * Reads the texts of {@code /proc/self/mountinfo} and {@code /proc/self/cgroup}.
     *
     * @param relocate turns a mount point into the path under which it is to be found
     */
    static Layout parse(String mountinfo, String membership, UnaryOperator<Path> relocate) {
        List<MountInfo> mounts = visible(MountInfo.parse(mountinfo));
        List<Hierarchy> hierarchies = new ArrayList<>();
        for (Membership line : Membership.parse(membership)) {
            List<MountInfo> candidates =
                    mounts.stream().filter(mount -> holds(mount, line)).toList();
            boolean readOnly = !candidates.isEmpty() && candidates.get(0).readOnly();
            hierarchies.add(new Hierarchy(
                    line.isV2(), line.controllers(), relocated(Place.of(line, candidates), relocate), readOnly));
        }
        return new Layout(mode(mounts, hierarchies), List.copyOf(hierarchies));
    }

    /** The version 1 hierarchy of a controller; empty if version 1 does not hold it. */
    Optional<Hierarchy> v1(String controller) {
        for (Hierarchy hierarchy : hierarchies) {
            if (hierarchy.controllers().contains(controller)) {
                return Optional.of(hierarchy);
            }
        }
        return Optional.empty();
    }

    /** The tree of version 2; empty before Linux 4.5. */
    Optional<Hierarchy> v2() {
        return hierarchies.stream().filter(Hierarchy::unified).findFirst();
    }

    /** Those in the usual place come first, then the writable ones. */
    private static List<MountInfo> visible(List<MountInfo> mounts) {
        return MountInfo.reachable(mounts).stream()
                .sorted(Comparator.comparing((MountInfo mount) -> !mount.point().startsWith(HOME))
                        .thenComparing(MountInfo::readOnly))
                .toList();
    }

    private static boolean holds(MountInfo mount, Membership line) {
        return line.isV2()
                ? mount.type().equals("cgroup2")
                : mount.type().equals("cgroup") && mount.superOptions().containsAll(line.controllers());
    }

    private static CgroupMode mode(List<MountInfo> mounts, List<Hierarchy> hierarchies) {
        boolean seen =
                hierarchies.stream().anyMatch(hierarchy -> hierarchy.unified() && hierarchy.own() instanceof Place.At);
        // a tree in the files of somebody else's container is not this host's
        List<MountInfo> unified = mounts.stream()
                .filter(mount -> mount.type().equals("cgroup2"))
                .filter(mount -> seen || mount.point().startsWith(HOME))
                .toList();
        if (unified.stream().anyMatch(mount -> mount.point().equals(HOME))) {
            return CgroupMode.UNIFIED;
        }
        boolean v1 = hierarchies.stream()
                .anyMatch(hierarchy -> hierarchy.hasControllers() && !(hierarchy.own() instanceof Place.NotMounted));
        if (v1) {
            return unified.isEmpty() ? CgroupMode.LEGACY : CgroupMode.HYBRID;
        }
        return unified.isEmpty() ? CgroupMode.NONE : CgroupMode.UNIFIED;
    }

    private static Place relocated(Place place, UnaryOperator<Path> relocate) {
        return place instanceof Place.At at
                ? new Place.At(relocate.apply(at.path()), relocate.apply(at.mountPoint()), at.root())
                : place;
    }
}
