package dev.corral.cgroups;

import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a killed JVM has left, and nothing else: groups that bear the mark of a process which certainly is no more, and
 * whose counts nobody awaits. A group without a mark, one from another pid namespace, and one of another user are left alone, with all that is in them.
 */
record Sweep(Host host, List<GroupDirectory> base) {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Who makes a group waits for it. */
    private static final Duration BRIEF = Duration.ofSeconds(1);
    /** The attribute with the process that could not remove the group; another one may. */
    private static final String TRIED = "user.corral.tried";

    /**
     * Looks into one hierarchy only, and goes on if there is something that this process has not tried yet; a failure is of no
     * matter to the caller.
     */
    void quick() {
        Optional<GroupDirectory> primary = base.stream()
                .filter(group -> group.hierarchy().unified())
                .findFirst()
                .or(() -> base.stream().findFirst());
        try {
            if (primary.isPresent() && abandoned(primary.get()).stream().anyMatch(this::isUntried)) {
                Swept swept = swept(BRIEF, this::isUntried);
                if (!swept.removed().isEmpty()) {
                    LOG.info("removed groups of processes that are no more: {}", swept.removed());
                }
                swept.failures()
                        .forEach(failure -> LOG.warn(
                                "{}; this JVM tries it again when Cgroups.sweep() is called", failure.getMessage()));
            }
        } catch (CgroupException | ErrnoException e) {
            LOG.debug("no look at what others have left: {}", e.getMessage());
        }
    }

    Swept all() {
        return swept(PATIENCE, group -> true);
    }

    private Swept swept(Duration patience, Predicate<GroupDirectory> which) {
        List<Path> removed = new ArrayList<>();
        List<CgroupException> failures = new ArrayList<>();
        Map<Path, List<GroupDirectory>> groups = new LinkedHashMap<>();
        for (GroupDirectory top : base) {
            try {
                for (GroupDirectory group : abandoned(top)) {
                    groups.computeIfAbsent(top.path().relativize(group.path()), path -> new ArrayList<>())
                            .add(group);
                }
            } catch (CgroupException e) {
                failures.add(e);
            }
        }
        groups.values().removeIf(group -> !group.stream().allMatch(which));
        for (List<GroupDirectory> group : groups.values()) {
            try {
                boolean empty =
                        new GroupKill(host.backoff(), group).within(patience).ok();
                new GroupRemoval(host.backoff(), group).within(empty ? patience : Duration.ZERO, true);
            } catch (CgroupException e) {
                failures.add(e);
            }
            for (GroupDirectory directory : group) {
                if (directory.alive()) {
                    markTried(directory);
                } else {
                    removed.add(directory.path());
                }
            }
        }
        return new Swept(removed, failures);
    }

    private boolean isUntried(GroupDirectory group) {
        Optional<String> by = host.tree().attribute(group.path(), TRIED);
        return by.isEmpty() || !by.equals(host.owner().map(Owner::text));
    }

    /** Without the mark it is tried again for each host that is detected. */
    private void markTried(GroupDirectory group) {
        host.owner().ifPresent(self -> {
            try {
                host.tree().setAttribute(group.path(), TRIED, self.text());
            } catch (ErrnoException e) {
                LOG.debug("{} will be tried again: {}", group.path(), e.getMessage());
            }
        });
    }

    /** Those in a group, and in groups there whose own maker lives. */
    private List<GroupDirectory> abandoned(GroupDirectory top) {
        List<GroupDirectory> found = new ArrayList<>();
        for (GroupDirectory group : top.children()) {
            try {
                found.addAll(abandonedAt(group));
            } catch (CgroupException | ErrnoException e) {
                LOG.debug("{} is left alone: {}", group.path(), e.getMessage());
            }
        }
        return found;
    }

    private List<GroupDirectory> abandonedAt(GroupDirectory group) {
        Optional<Owner> owner = owner(group);
        if (owner.isEmpty()) {
            return List.of();
        }
        if (!isLeftBehind(owner.get())) {
            return abandoned(group);
        }
        return mayRemove(group) ? List.of(group) : List.of();
    }

    private Optional<Owner> owner(GroupDirectory group) {
        Optional<String> mark = host.tree().attribute(group.path(), Owner.MARK);
        return mark.isPresent()
                ? mark.flatMap(Owner::parse)
                : Owner.ofName(CgroupName.unescape(group.path().getFileName().toString()));
    }

    private boolean isLeftBehind(Owner owner) {
        return host.owner()
                        .filter(self -> self.namespace() == owner.namespace())
                        .isPresent()
                && host.processes().isGone(owner)
                && !owner.isAwaited();
    }

    private boolean mayRemove(GroupDirectory group) {
        return (host.user() == 0 || host.tree().owner(group.path()).equals(OptionalInt.of(host.user())))
                && !group.members().contains(ProcessHandle.current().pid());
    }
}
