package dev.corral.cgroups;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Stops and continues every process of a group and of the groups below it: by the version 2 tree where the group has a
 * directory in it, or by the freezer of version 1.
 */
record GroupFreezer(Backoff backoff, GroupDirectory directory) {
    private static final String V1 = "freezer.state";
    private static final String V2 = "cgroup.freeze";

    /** Empty for a group that can't be frozen: version 2 before Linux 5.2 without a version 1 freezer. */
    static Optional<GroupFreezer> of(Backoff backoff, List<GroupDirectory> directories) {
        return directories.stream()
                .filter(directory -> directory.exists(V2))
                .findFirst()
                .or(() -> directories.stream()
                        .filter(directory -> directory.exists(V1))
                        .findFirst())
                .map(directory -> new GroupFreezer(backoff, directory));
    }

    /** False when it was not frozen in time; it is thawed again then. */
    boolean freeze(Duration limit) {
        boolean frozen = false;
        try {
            if (directory.hierarchy().unified()) {
                directory.write(V2, "1");
            }
            frozen = backoff.until(limit, this::isFrozenNow);
        } finally {
            if (!frozen) {
                thaw();
            }
        }
        return frozen;
    }

    void thaw() {
        if (directory.hierarchy().unified()) {
            directory.write(V2, "0");
        } else {
            directory.write(V1, "THAWED");
        }
    }

    boolean isFrozen() {
        return directory.hierarchy().unified()
                ? directory.keyed("cgroup.events").get("frozen").equals(Optional.of(1L))
                : directory.words(V1).contains("FROZEN");
    }

    /** Version 1 has to be told again whenever a process was about to sleep or to fork. */
    private boolean isFrozenNow() {
        if (!directory.hierarchy().unified()) {
            directory.write(V1, "FROZEN");
        }
        return isFrozen();
    }
}
