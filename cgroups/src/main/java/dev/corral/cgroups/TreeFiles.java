package dev.corral.cgroups;

import java.util.Optional;

/** The files of the version 2 tree that every group has. */
record TreeFiles(ControlFile stat, ControlFile events) {
    static TreeFiles open(GroupFiles files, GroupDirectory group) {
        return new TreeFiles(files.open(group, "cgroup.stat"), files.open(group, "cgroup.events"));
    }

    /** Empty before Linux 4.14. */
    Optional<TreeStat> read(Scratch scratch) {
        return stat.keyed(scratch).map(details -> {
            Keyed state = events.keys(scratch);
            return new TreeStat(
                    details.get("nr_descendants").orElse(0L),
                    details.get("nr_dying_descendants").orElse(0L),
                    state.get("populated").map(value -> value != 0),
                    state.get("frozen").map(value -> value != 0),
                    details);
        });
    }
}
