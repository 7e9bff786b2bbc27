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
    private Map<Path, Long> kills;
    private Map<Path, Long> hits;

    OomKills(GroupDirectory group) {
        this.group = group;
        kills = countKills();
        hits = countHits();
    }

    /** Whether a victim is to be found yet, in version 1, whose kernel tells of the shortage before it kills. */
    boolean rose() {
        return rose(group) || tree().stream().skip(1).anyMatch(this::rose);
    }

    private boolean rose(GroupDirectory directory) {
        return new MemoryCounters(directory).killsHere().orElse(0L) > kills.getOrDefault(directory.path(), 0L);
    }

    /** One for each group with a victim since the last time; one without victim if that group is gone. */
    List<CgroupEvents.OomKill> since() {
        Map<Path, Long> killsNow = countKills();
        Map<Path, Long> hitsNow = countHits();
        List<CgroupEvents.OomKill> found = new ArrayList<>();
        for (GroupDirectory victim : tree()) {
            long before = kills.getOrDefault(victim.path(), 0L);
            if (killsNow.getOrDefault(victim.path(), 0L) > before) {
                found.add(kill(victim, Optional.of(victim.path()), hitsNow));
            }
        }
        if (found.isEmpty()) {
            found.add(kill(group, tree().size() == 1 ? Optional.of(group.path()) : Optional.empty(), hitsNow));
        }
        kills = killsNow;
        hits = hitsNow;
        return found;
    }

    private CgroupEvents.OomKill kill(GroupDirectory victim, Optional<Path> named, Map<Path, Long> hitsNow) {
        List<MemoryLevels.Level> levels = victim.upwards().stream()
                .map(level -> new MemoryLevels.Level(new MemoryCounters(level), hits.getOrDefault(level.path(), 0L)))
                .toList();
        Optional<MemoryLevels.Owner> owner = new MemoryLevels(levels)
                .owner(level -> hitsNow.getOrDefault(level.counters().group().path(), 0L) > level.hits());
        return new CgroupEvents.OomKill(
                named,
                owner.map(MemoryLevels.Owner::limit),
                new MemoryCounters(victim).peak(),
                owner.map(MemoryLevels.Owner::path));
    }

    private Map<Path, Long> countKills() {
        Map<Path, Long> counts = new HashMap<>();
        for (GroupDirectory directory : tree()) {
            new MemoryCounters(directory).killsHere().ifPresent(count -> counts.put(directory.path(), count));
        }
        return counts;
    }

    private Map<Path, Long> countHits() {
        Map<Path, Long> counts = new HashMap<>();
        List<GroupDirectory> levels = new ArrayList<>(tree());
        levels.addAll(group.upwards());
        for (GroupDirectory level : levels) {
            if (!counts.containsKey(level.path())) {
                new MemoryCounters(level).hits().ifPresent(count -> counts.put(level.path(), count));
            }
        }
        return counts;
    }

    /** The group and those below it; without those that vanish meanwhile. */
    private List<GroupDirectory> tree() {
        List<GroupDirectory> tree = new ArrayList<>(List.of(group));
        group.tree().stream().skip(1).forEach(tree::add);
        return tree;
    }
}
