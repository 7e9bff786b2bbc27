package dev.corral.cgroups;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Stops and continues every process of a group and of the groups below it: by the version 2 tree where the group has a
 * directory in it, or by the freezer of version 1.
 */
record GroupFreezer(Backoff backoff, GroupDirectory directory) {
    private static final String V1 = "freezer.state";
    private static final String V2 = "cgroup.freeze";
    private static final String FROZEN = "FROZEN";
    private static final String THAWED = "THAWED";
    /** Version 1 can get stuck where some processes wait for others that stand still already; a thaw sets them free. */
    private static final int LOOKS_BEFORE_A_THAW = 12;

    /**
     * Those of a group, the one that is to stop it first: that of version 2, if this user may write to it. On a hybrid host somebody
     * else may have used the other. None for a group that can't be frozen: version 2 before Linux 5.2 without a version 1 freezer.
     */
    static List<GroupFreezer> of(Backoff backoff, List<GroupDirectory> directories) {
        return directories.stream()
                .map(directory -> new GroupFreezer(backoff, directory))
                .filter(freezer -> freezer.directory.exists(freezer.file()))
                .sorted(Comparator.comparing((GroupFreezer freezer) -> !freezer.isWritable())
                        .thenComparing(freezer -> !freezer.unified()))
                .toList();
    }

    /** Those of version 1 in groups and below them, whatever there is beside it. */
    static List<GroupFreezer> ofVersion1(Backoff backoff, List<GroupDirectory> directories) {
        return directories.stream()
                .filter(directory -> !directory.hierarchy().unified())
                .filter(directory -> directory
                        .ifThere(there -> Optional.of(there.exists(V1)))
                        .orElse(false))
                .flatMap(directory -> directory.tree().stream())
                .map(directory -> new GroupFreezer(backoff, directory))
                .toList();
    }

    /**
     * False when it was not frozen in time; it is thawed again then.
     *
     * @throws HoldsThisJvm if this JVM is in it
     */
    boolean freeze(Duration limit) {
        directory.spareThisJvm("freeze");
        boolean frozen = false;
        int[] looks = {0};
        try {
            if (unified()) {
                directory.write(V2, "1");
            }
            frozen = backoff.until(limit, () -> isFrozenNow(looks[0]++));
        } finally {
            if (!frozen) {
                thaw();
            }
        }
        return frozen;
    }

    void thaw() {
        if (unified()) {
            directory.write(V2, "0");
        } else {
            directory.write(V1, THAWED);
        }
    }

    /** Whether it is switched on in this very group. */
    boolean isOn() {
        return unified() ? is(V2, 1) : !directory.words(V1).contains(THAWED);
    }

    boolean isFrozen() {
        return unified()
                ? directory.keyed("cgroup.events").get("frozen").equals(Optional.of(1L))
                : directory.words(V1).contains(FROZEN);
    }

    /** Whether a group above keeps it from running, so that a thaw of this one alone does nothing. */
    boolean isFrozenByAncestor() {
        if (!unified()) {
            return is("freezer.parent_freezing", 1);
        }
        // the kernel says frozen of a group whose own switch is off only for the sake of one above
        return directory.upwards().stream().skip(1).anyMatch(above -> new GroupFreezer(backoff, above).isOn());
    }

    private boolean is(String file, long value) {
        return directory.number(file).equals(Optional.of(value));
    }

    private String file() {
        return unified() ? V2 : V1;
    }

    private boolean isWritable() {
        return directory.host().tree().writable(directory.path().resolve(file()));
    }

    private boolean unified() {
        return directory.hierarchy().unified();
    }

    /** Version 1 has to be told again whenever a process was about to sleep or to fork. */
    private boolean isFrozenNow(int looks) {
        if (!unified()) {
            if (looks % LOOKS_BEFORE_A_THAW == LOOKS_BEFORE_A_THAW - 1) {
                directory.write(V1, THAWED);
            }
            directory.write(V1, FROZEN);
        }
        return isFrozen();
    }
}
