package dev.corral.cgroups;

import dev.corral.Applied;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The core files of a version 2 group, those that begin with {@code cgroup.}. Source: cgroup-v2.rst, "Core Interface Files". */
public final class TreeV2 extends ControllerFiles {
    private static final String MAX_DEPTH = "cgroup.max.depth";
    private static final String MAX_DESCENDANTS = "cgroup.max.descendants";
    private static final String STAT = "cgroup.stat";
    private static final String TYPE = "cgroup.type";

    TreeV2(GroupDirectory group) {
        super(group);
    }

    @Override
    public String name() {
        return "cgroup";
    }

    /** {@code domain}, {@code domain threaded}, {@code domain invalid} or {@code threaded}; empty for a root. */
    public Optional<String> type() {
        return group.text(TYPE).map(String::strip);
    }

    /** What the group above has given it. */
    public Set<String> controllers() {
        return Set.copyOf(group.words("cgroup.controllers"));
    }

    /** What it gives to the groups below. */
    public Set<String> subtreeControl() {
        return Set.copyOf(group.words("cgroup.subtree_control"));
    }

    /** How many levels of groups there may be below; beyond it making one fails with EAGAIN. */
    public Limit<Long> maxDepth() {
        return count(MAX_DEPTH);
    }

    /** Sets {@code cgroup.max.depth}, 0 or more. */
    public Applied.Entry maxDepth(Limit<Long> most) {
        return count(MAX_DEPTH, most);
    }

    /** How many groups there may be below. */
    public Limit<Long> maxDescendants() {
        return count(MAX_DESCENDANTS);
    }

    /** Sets {@code cgroup.max.descendants}, 0 or more. */
    public Applied.Entry maxDescendants(Limit<Long> most) {
        return count(MAX_DESCENDANTS, most);
    }

    /** How many groups there are below. */
    public long descendants() {
        return stat("nr_descendants");
    }

    /** How many groups below were removed and still hold memory of the kernel. */
    public long dyingDescendants() {
        return stat("nr_dying_descendants");
    }

    /** Removed groups below that still hold one controller, such as {@code memory}; empty before Linux 6.12. */
    public Optional<Long> dyingDescendants(String controller) {
        return group.keyed(STAT).get("nr_dying_subsys_" + controller);
    }

    /** Whether there is a process here or below. */
    public boolean populated() {
        return event("populated");
    }

    /** Whether all processes here and below stand still; before Linux 5.2 none do. */
    public boolean frozen() {
        return group.keyed("cgroup.events").get("frozen").orElse(0L) != 0;
    }

    /** Whether this very group was told to freeze; it may be frozen by one above as well. Empty before Linux 5.2. */
    public Optional<Boolean> selfFreezing() {
        return flag("cgroup.freeze");
    }

    /** Threads of a threaded group; processes are listed by {@link Cgroup}. */
    public List<Long> threads() {
        return group.words("cgroup.threads").stream()
                .map(KernelNumber::parse)
                .flatMap(Optional::stream)
                .toList();
    }

    private Limit<Long> count(String file) {
        String text = text(file);
        return KernelNumber.count(text).orElseThrow(() -> group.unreadable(file, text));
    }

    private Applied.Entry count(String file, Limit<Long> most) {
        most.value().ifPresent(count -> requireBetween(file, count, 0, Integer.MAX_VALUE));
        return put(change(file, most, most.toString()));
    }

    private long stat(String key) {
        return group.keyed(STAT).get(key).orElseThrow(() -> group.missing(STAT));
    }

    private boolean event(String key) {
        return group.keyed("cgroup.events").get(key).orElseThrow(() -> group.missing("cgroup.events")) != 0;
    }
}
