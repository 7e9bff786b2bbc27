package dev.corral.cgroups;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A type of controller, and where its files are.
 *
 * @param unified whether it is one of version 2
 * @param name as the kernel spells it; empty text for what every version 2 group has
 */
record ControllerKind<C extends ControllerFiles>(
        Class<C> type, boolean unified, String name, Function<GroupDirectory, C> maker) {
    private static final List<ControllerKind<?>> ALL = List.of(
            new ControllerKind<>(CpuV1.class, false, "cpu", CpuV1::new),
            new ControllerKind<>(CpuAcctV1.class, false, "cpuacct", CpuAcctV1::new),
            new ControllerKind<>(CpusetV1.class, false, "cpuset", CpusetV1::new),
            new ControllerKind<>(MemoryV1.class, false, "memory", MemoryV1::new),
            new ControllerKind<>(PidsV1.class, false, "pids", PidsV1::new),
            new ControllerKind<>(BlkioV1.class, false, "blkio", BlkioV1::new),
            new ControllerKind<>(DevicesV1.class, false, "devices", DevicesV1::new),
            new ControllerKind<>(FreezerV1.class, false, "freezer", FreezerV1::new),
            new ControllerKind<>(CpuV2.class, true, "cpu", CpuV2::new),
            new ControllerKind<>(CpusetV2.class, true, "cpuset", CpusetV2::new),
            new ControllerKind<>(MemoryV2.class, true, "memory", MemoryV2::new),
            new ControllerKind<>(PidsV2.class, true, "pids", PidsV2::new),
            new ControllerKind<>(IoV2.class, true, "io", IoV2::new),
            new ControllerKind<>(HugetlbV2.class, true, "hugetlb", HugetlbV2::new),
            new ControllerKind<>(Psi.class, true, "", Psi::new),
            new ControllerKind<>(TreeV2.class, true, "", TreeV2::new));

    static <C extends ControllerFiles> Optional<C> find(Class<C> type, List<GroupDirectory> directories) {
        return kind(type)
                .flatMap(kind -> directories.stream()
                        .filter(kind::isIn)
                        .findFirst()
                        .map(directory -> type.cast(kind.maker().apply(directory.bound()))));
    }

    /** The same for callers who count on it. */
    static <C extends ControllerFiles> C require(Class<C> type, Cgroup group) {
        return group.find(type)
                .orElseThrow(() -> kind(type)
                        .map(kind -> unavailable(group, kind.name(), kind.unified()))
                        .orElseGet(() -> unavailable(group, type.getSimpleName())));
    }

    /** Why a group has no such controller in either version. */
    static ControllerUnavailable unavailable(Cgroup group, String name) {
        boolean v1 = group.host().layout().v1(name).isPresent();
        return unavailable(group, name, !v1);
    }

    private static ControllerUnavailable unavailable(Cgroup group, String name, boolean unified) {
        String controller = name.isEmpty() ? "pressure" : name;
        return new ControllerUnavailable(
                Failure.of("use", controller + " of " + group.path())
                        .why(unified ? notInV2(group, name) : notInV1(group, name)),
                null);
    }

    private static String notInV1(Cgroup group, String name) {
        Optional<Hierarchy> hierarchy = group.host().layout().v1(name);
        if (hierarchy.isPresent() && hierarchy.get().own() instanceof Place.At) {
            return "the group was made without it";
        }
        return hierarchy.isPresent()
                ? "its hierarchy of version 1 is not to be seen here"
                : "no hierarchy of version 1 has it on this host";
    }

    private static String notInV2(Cgroup group, String name) {
        Optional<GroupDirectory> directory = group.directories().stream()
                .filter(candidate -> candidate.hierarchy().unified())
                .findFirst();
        if (directory.isEmpty()) {
            return "the group has no directory in the tree of version 2";
        }
        if (name.isEmpty()) {
            return "this kernel has no pressure files";
        }
        if (group.host().layout().v1(name).isPresent()) {
            return "version 1 holds it on this host";
        }
        boolean above = directory.get().upwards().stream().skip(1).anyMatch(level -> level.has(name));
        return above
                ? "the group above did not enable it in cgroup.subtree_control"
                : "this kernel has no such controller in version 2, or a group above those visible here keeps it";
    }

    @SuppressWarnings("unchecked")
    private static <C extends ControllerFiles> Optional<ControllerKind<C>> kind(Class<C> type) {
        return ALL.stream()
                .filter(kind -> kind.type().equals(type))
                .map(kind -> (ControllerKind<C>) kind)
                .findFirst();
    }

    private boolean isIn(GroupDirectory directory) {
        if (directory.hierarchy().unified() != unified) {
            return false;
        }
        return type.equals(Psi.class)
                ? directory.files().stream().anyMatch(file -> file.endsWith(".pressure"))
                : name.isEmpty() || directory.has(name);
    }
}
