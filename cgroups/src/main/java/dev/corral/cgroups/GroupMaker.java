package dev.corral.cgroups;

import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.FileNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the directories of one group in all its hierarchies; all of them or none.
 *
 * @param reach where this process may make groups; nothing is written above that
 */
record GroupMaker(Host host, Reach reach) {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMaker.class);
    private static final int NAME_TRIES = 8;
    private static final long NAME_BITS = (1L << 40) - 1;

    /**
     * What was made.
     *
     * @param directories those of version 1 first
     * @param handedDown what became of the controllers of version 2, one for each
     */
    record Made(List<GroupDirectory> directories, List<HandedDown> handedDown) {}

    /** A name that no other run of this or of another program has left behind, and which tells whose it is. */
    Made unique(String prefix, Collection<GroupDirectory> sites, Collection<String> controllers) {
        for (int tries = 1; ; tries++) {
            String random = Long.toString(host.random().getAsLong() & NAME_BITS, Character.MAX_RADIX);
            String name = CgroupName.escape(prefix + "-" + host.identity() + "-" + random);
            try {
                return make(List.of(name), sites, controllers);
            } catch (NameTaken e) {
                if (tries == NAME_TRIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * Makes a group.
     *
     * @param names of its directory, after those of the groups on the way to it; these may be there already
     */
    Made make(List<String> names, Collection<GroupDirectory> sites, Collection<String> controllers) {
        List<GroupDirectory> made = new ArrayList<>();
        List<GroupDirectory> directories = new ArrayList<>();
        Map<String, HandedDown> handedDown = new LinkedHashMap<>();
        try {
            for (GroupDirectory site : sites) {
                GroupDirectory parent = site;
                if (site.hierarchy().unified() && !controllers.isEmpty()) {
                    reach.levels(site).forEach(level -> handDown(level, controllers, handedDown));
                }
                for (String name : names.subList(0, names.size() - 1)) {
                    parent = step(parent, name, made);
                    handDown(parent, controllers, handedDown);
                }
                GroupDirectory group = parent.child(names.get(names.size() - 1));
                made.add(group);
                directories.add(group);
                prepare(group);
            }
        } catch (RuntimeException | Error e) {
            undo(made, e);
            throw e;
        }
        directories.sort(Comparator.comparing(directory -> directory.hierarchy().unified()));
        return new Made(List.copyOf(directories), List.copyOf(handedDown.values()));
    }

    private GroupDirectory step(GroupDirectory parent, String name, List<GroupDirectory> made) {
        Optional<GroupDirectory> there = parent.child(FileNames.path(name));
        if (there.isPresent()) {
            return there.get();
        }
        GroupDirectory group;
        try {
            group = parent.child(name);
        } catch (NameTaken madeMeanwhile) {
            return parent.child(FileNames.path(name)).orElseThrow(() -> madeMeanwhile);
        }
        made.add(group);
        prepare(group);
        return group;
    }

    /** A later level can only say more of what an earlier one withheld. */
    private static void handDown(GroupDirectory level, Collection<String> controllers, Map<String, HandedDown> all) {
        if (level.hierarchy().unified() && !controllers.isEmpty()) {
            List<String> possible = controllers.stream()
                    .filter(name -> !all.containsKey(name) || all.get(name).ok())
                    .toList();
            SubtreeControl.of(level)
                    .enable(possible.toArray(String[]::new))
                    .forEach(outcome -> all.put(outcome.controller(), outcome));
        }
    }

    /** A cpuset of version 1 takes no process before it has CPUs and memory nodes. */
    private void prepare(GroupDirectory group) {
        mark(group);
        if (!group.hierarchy().unified() && group.has("cpuset")) {
            CpusetV1.initialise(group);
        }
    }

    /** Without the mark a group is never taken for one that was left behind; its name may still say whose it is. */
    private void mark(GroupDirectory group) {
        host.owner().ifPresent(owner -> {
            try {
                host.tree().setAttribute(group.path(), Owner.MARK, owner.text());
            } catch (ErrnoException e) {
                LOG.debug("{} has no mark of its owner: {}", group.path(), e.getMessage());
            }
        });
    }

    private static void undo(List<GroupDirectory> made, Throwable failure) {
        for (int i = made.size() - 1; i >= 0; i--) {
            GroupDirectory group = made.get(i);
            group.removeAlone()
                    .ifPresent(refusal -> failure.addSuppressed(group.refusal().notRemoved(group.path(), refusal)));
        }
    }
}
