package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Who was killed for want of memory in a group and below it, and by whose limit, from one look to the next. A look reads only
 * what it takes to tell, since somebody waits for it: the counter of the group itself comes first, from a file that is kept open.
 * What the next look is compared with is read by {@link #settle} afterwards.
 */
final class OomKills implements AutoCloseable {
    private final GroupDirectory group;
    private final Map<Path, Long> kills = new HashMap<>();
    private final GroupFiles files = GroupFiles.kept();
    private final Scratch scratch = new Scratch();
    private final ControlFile counter;
    private Map<Path, Long> hits = Map.of();
    private Optional<MemoryLevels.Owner> expected = Optional.empty();

    OomKills(GroupDirectory group) {
        this.group = group;
        try {
            counter = files.open(
                    group, group.hierarchy().unified() ? MemoryCounters.LOCAL_EVENTS : MemoryCounters.OOM_CONTROL);
            files.settle();
            since(kill -> {});
            settle();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Finds out whose limit is in the way, for who is woken before the kernel has killed and has nothing else to do until then: the
     * limits were reached before that.
     */
    void expect() {
        expected = owner(group);
    }

    /** Tells of each group with a victim since the last time; whether there was one. */
    boolean since(Consumer<CgroupEvents.OomKill> tell) {
        boolean found =
                rose(group, counter.keys(scratch).get(MemoryCounters.KILLS).orElse(0L));
        if (found) {
            tell.accept(kill(group, Optional.of(group.path())));
        }
        Set<Path> there = new HashSet<>(Set.of(group.path()));
        for (GroupDirectory directory : below()) {
            there.add(directory.path());
            if (rose(directory, MemoryCounters.count(directory, MemoryCounters::killsHere))) {
                found = true;
                tell.accept(kill(directory, Optional.of(directory.path())));
            }
        }
        kills.keySet().retainAll(there);
        return found;
    }

    /** The kill that was counted above a victim's group, which is gone or does not count. */
    CgroupEvents.OomKill unseen() {
        return kill(group, kills.size() == 1 ? Optional.of(group.path()) : Optional.empty());
    }

    /** Remembers whose limits have been in the way until now. */
    void settle() {
        Map<Path, Long> counts = new HashMap<>();
        List<GroupDirectory> levels = new ArrayList<>(below());
        levels.addAll(group.upwards());
        for (GroupDirectory level : levels) {
            counts.put(level.path(), MemoryCounters.count(level, MemoryCounters::hits));
        }
        hits = counts;
        expected = Optional.empty();
    }

    @Override
    public void close() {
        files.close();
    }

    private boolean rose(GroupDirectory directory, long now) {
        Long before = kills.put(directory.path(), now);
        return now > (before == null ? 0 : before);
    }

    private CgroupEvents.OomKill kill(GroupDirectory victim, Optional<Path> named) {
        Optional<MemoryLevels.Owner> owner = victim.equals(group) ? expected.or(() -> owner(victim)) : owner(victim);
        return new CgroupEvents.OomKill(
                named,
                owner.map(MemoryLevels.Owner::limit),
                victim.ifThere(there -> new MemoryCounters(there).peak()),
                owner.map(MemoryLevels.Owner::path));
    }

    private Optional<MemoryLevels.Owner> owner(GroupDirectory victim) {
        List<MemoryLevels.Level> levels = victim.upwards().stream()
                .map(level -> new MemoryLevels.Level(new MemoryCounters(level), hits.getOrDefault(level.path(), 0L)))
                .toList();
        return new MemoryLevels(levels).owner();
    }

    /** The groups below; without those that vanish meanwhile. */
    private List<GroupDirectory> below() {
        return group.tree().stream().skip(1).toList();
    }
}
