package dev.corral.cgroups;

import java.util.Optional;

/** Counts of the pids controller, whose files are the same on both versions. Source: cgroup-v2.rst, "PID". */
record PidsFiles(ControlFile current, ControlFile limit, ControlFile peak, ControlFile events) {
    static PidsFiles open(GroupFiles files, GroupDirectory group) {
        return new PidsFiles(
                files.open(group, "pids.current"),
                files.open(group, "pids.max"),
                files.open(group, "pids.peak"),
                files.open(group, "pids.events"));
    }

    /** Empty if the group has no pids controller. */
    Optional<PidsStat> read(Scratch scratch) {
        if (!current.number(scratch)) {
            return Optional.empty();
        }
        long now = scratch.words.count();
        Limit<Long> own = limit.countLimit(scratch);
        Optional<Long> most = peak.count(scratch);
        return Optional.of(new PidsStat(now, own, most, refusals(scratch)));
    }

    private Optional<Long> refusals(Scratch scratch) {
        if (events.read(scratch)) {
            Words words = scratch.words;
            while (words.nextLine()) {
                if (words.nextWord() && words.is("max") && words.nextWord() && words.isNumber()) {
                    return Optional.of(words.count());
                }
            }
        }
        return Optional.empty();
    }
}
