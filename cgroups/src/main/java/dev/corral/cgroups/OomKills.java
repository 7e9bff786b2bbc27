package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who was killed for want of memory in a group and below it, and by whose limit, from one look to the next. A look reads only
 * what it takes to tell, since somebody waits for it; what the next one is compared with is read by {@link #settle} afterwards.
 */
final class OomKills {
    private final GroupDirectory group;
    private final Map<Path, Long> kills = new HashMap<>();
    private Map<Path, Long> hits = Map.of();

    OomKills(GroupDirectory group) {
        this.group = group;
        victims();
        settle();
    }

    /** One for each group with a victim since the last time. */
    List<CgroupEvents.OomKill> since() {
        return victims().stream()
                .map(victim -> kill(victim, Optional.of(victim.path())))
                .toList();
    }

    /** The kill that was counted above a victim's group, which is gone or does not count. */
    CgroupEvents.OomKill unseen() {
        return kill(group, kills.size() == 1 ? Optional.of(group.path()) : Optional.empty());
    }

    /** Remembers whose limits have been in the way until now. */
    void settle() {
        Map<Path, Long> counts = new HashMap<>();
        List<GroupDirectory> levels = new ArrayList<>(tree());
        levels.addAll(group.upwards());
        for (GroupDirectory level : levels) {
            if (!counts.containsKey(level.path())) {
                new MemoryCounters(level).hits().ifPresent(count -> counts.put(level.path(), count));
            }
        }
        hits = counts;
    }

    /** The groups in which the count has risen since the last time. */
    private List<GroupDirectory> victims() {
        List<GroupDirectory> found = new ArrayList<>();
        Set<Path> there = new HashSet<>();
        for (GroupDirectory directory : tree()) {
            there.add(directory.path());
            long now = new MemoryCounters(directory).killsHere().orElse(0L);
            Long before = kills.put(directory.path(), now);
            if (now > (before == null ? 0 : before)) {
                found.add(directory);
            }
        }
        kills.keySet().retainAll(there);
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

    /** The group and those below it; without those that vanish meanwhile. */
    private List<GroupDirectory> tree() {
        List<GroupDirectory> tree = new ArrayList<>(List.of(group));
        group.tree().stream().skip(1).forEach(tree::add);
        return tree;
    }
}
