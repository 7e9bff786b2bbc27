package dev.corral.cgroups;

import dev.corral.Applied;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One list of a version 1 cpuset, for a group and those below it.
 *
 * <p>At every moment a group must have all that those below it have. So the new set comes in two passes: from the top down
 * each group gets what is new on top of what it had, then from the bottom up each loses what it is to lose.
 */
record CpusetTree(GroupDirectory top, String file) {
    /** One group with what it has and what it is to have. */
    private record Level(GroupDirectory group, CpuSet before, CpuSet after) {
        boolean grows() {
            return !before.containsAll(after);
        }

        boolean shrinks() {
            return !after.containsAll(before);
        }

        boolean isTold(GroupDirectory top) {
            return group.equals(top) || grows();
        }
    }

    Applied set(CpuSet wanted, Pen pen) {
        if (wanted.isEmpty()) {
            throw new InvalidLimit(
                    Failure.of("write", top.path().resolve(file))
                            .why("an empty list would keep every process out of the group"),
                    null);
        }
        List<Level> levels = levels(wanted);
        List<Applied.Entry> entries = new ArrayList<>();
        for (Level level : levels) {
            if (level.shrinks() && level.grows() && !pen.isDry()) {
                put(level.group(), level.before().or(level.after()), pen);
            } else if (!level.shrinks() && level.isTold(top)) {
                put(level.group(), level.after(), pen).ifPresent(entries::add);
            }
        }
        Collections.reverse(levels);
        for (Level level : levels) {
            if (level.shrinks()) {
                put(level.group(), level.after(), pen).ifPresent(entry -> entries.add(0, entry));
            }
        }
        return new Applied(entries);
    }

    /** A group below that has vanished needs nothing. */
    private Optional<Applied.Entry> put(GroupDirectory group, CpuSet set, Pen pen) {
        Change change = change(group, set);
        return group.equals(top) ? Optional.of(pen.put(change)) : group.ifThere(there -> Optional.of(pen.put(change)));
    }

    private List<Level> levels(CpuSet wanted) {
        CpuSet old = CpusetV1.listed(top, file).orElseThrow(() -> top.missing(file));
        Map<Path, CpuSet> afterwards = new HashMap<>();
        List<Level> levels = new ArrayList<>();
        for (GroupDirectory group : top.tree()) {
            CpuSet before = group.equals(top)
                    ? old
                    : group.ifThere(there -> CpusetV1.listed(there, file)).orElseGet(CpuSet::none);
            CpuSet above = afterwards.getOrDefault(group.path().getParent(), wanted);
            CpuSet kept = before.and(wanted);
            // A group that has nothing has no process either, and stays as it is.
            CpuSet after = group.equals(top) || before.equals(old)
                    ? wanted
                    : kept.isEmpty() && !before.isEmpty() ? above : kept;
            afterwards.put(group.path(), after);
            levels.add(new Level(group, before, after));
        }
        return levels;
    }

    private Change change(GroupDirectory group, CpuSet set) {
        return Change.of(group, file, set, set.toString())
                .seen(CpusetTree::canonical, set.toString())
                .refusedAs(e -> CpusetV1.refused(group, file, set, e));
    }

    static String canonical(String text) {
        try {
            return CpuSet.parse(text).toString();
        } catch (IllegalArgumentException e) {
            return text;
        }
    }
}
