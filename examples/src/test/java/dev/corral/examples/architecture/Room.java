package dev.corral.examples.architecture;

import java.util.List;
import java.util.stream.Stream;

/**
 * A module of the house.
 *
 * @param packages its packages, relative to the root package; an empty text is the root package itself
 */
record Room(List<String> packages) {
    static final Room CORE = of("", "internal.linux", "internal.launch");
    static final Room CGROUPS = of("cgroups");
    static final Room NAMESPACES = of("namespaces", "privileges", "network");
    static final Room ARCHIVES = of("archives");
    static final Room RECONCILE = of(
            "reconcile",
            "reconcile.workload",
            "reconcile.plane",
            "reconcile.node",
            "reconcile.testing",
            "internal.records");

    private static Room of(String... packages) {
        return new Room(List.of(packages));
    }

    static String[] all(String root) {
        return packagesOf(root, CORE, CGROUPS, NAMESPACES, ARCHIVES, RECONCILE);
    }

    /** The full names of the rooms' packages when the house stands in that root package. */
    static String[] packagesOf(String root, Room... rooms) {
        return Stream.of(rooms)
                .flatMap(room -> room.packages.stream())
                .map(name -> name.isEmpty() ? root : root + "." + name)
                .toArray(String[]::new);
    }
}
