package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who was killed for want of memory in a group and below it, and by whose limit, from one look to the next. */
final class OomKills {
    private final GroupDirectory group;
    private final Map<Path, Long> kills = new HashMap<>();
    private final Map<Path, Long> hits = new HashMap<>();

    OomKills(GroupDirectory group) {
        this.group = group;
        remember();
    }

    /** Whether a victim is to be found yet, in version 1, whose kernel tells of the shortage before it kills. */
    boolean rose() {
        return tree().stream().anyMatch(this::rose);
    }

    /** One for each group with a victim since the last time; one without victim if that group is gone. */
    List<CgroupEvents.OomKill> since() {
        List<CgroupEvents.OomKill> found = new ArrayList<>();
        for (GroupDirectory victim : tree()) {
            if (rose(victim)) {
                found.add(kill(victim, Optional.of(victim.path())));
            }
        }
        if (found.isEmpty()) {
            found.add(kill(group, tree().size() == 1 ? Optional.of(group.path()) : Optional.empty()));
        }
        remember();
        return found;
    }

    private CgroupEvents.OomKill kill(GroupDirectory victim, Optional<Path> named) {
        List<MemoryLevels.Level> levels = victim.upwards().stream()
                .map(level -> new MemoryLevels.Level(new MemoryCounters(level), hits.getOrDefault(level.path(), 0L)))
                .toList();
        Optional<MemoryLevels.Owner> owner = new MemoryLevels(levels).owner();
        return new CgroupEvents.OomKill(
                named,
                owner.map(MemoryLevels.Owner::limit),
                new MemoryCounters(victim).peak(),
                owner.map(MemoryLevels.Owner::path));
    }

    private boolean rose(GroupDirectory directory) {
        return new MemoryCounters(directory).killsHere().orElse(0L) > kills.getOrDefault(directory.path(), 0L);
    }

    private void remember() {
        kills.clear();
        hits.clear();
        for (GroupDirectory directory : tree()) {
            MemoryCounters counters = new MemoryCounters(directory);
            counters.killsHere().ifPresent(count -> kills.put(directory.path(), count));
        }
        List<GroupDirectory> levels = new ArrayList<>(tree());
        levels.addAll(group.upwards());
        for (GroupDirectory level : levels) {
            new MemoryCounters(level).hits().ifPresent(count -> hits.put(level.path(), count));
        }
    }

    /** The group and those below it; without those that vanish meanwhile. */
    private List<GroupDirectory> tree() {
        List<GroupDirectory> tree = new ArrayList<>(List.of(group));
        group.tree().stream().skip(1).forEach(tree::add);
        return tree;
    }
}
