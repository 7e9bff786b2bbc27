package dev.corral.cgroups;

import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The layout of a delegated subtree of version 2: processes sit in leaves only, so the JVM and its helpers go to a group of
 * their own, beside those of the jobs.
 */
record Supervision(Host host, GroupDirectory root) {
    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);
    static final String NAME = "supervisor";
    private static final String MARK = "user.corral.layout";
    /** Processes fork while they are moved; each round finds fewer new ones. */
    private static final int ROUNDS = 100;

    /**
     * The groups to make others in, for a process that sits in such a group already; empty for any other one. It was made by
     * {@link #evacuate}, or by systemd, which starts a unit's processes there with {@code DelegateSubgroup=supervisor}.
     *
     * @param own its groups, one in each hierarchy
     */
    static Optional<List<GroupDirectory>> of(List<GroupDirectory> own) {
        for (GroupDirectory group : own) {
            if (group.hierarchy().unified() && group.path().endsWith(NAME)) {
                Optional<GroupDirectory> root = group.above();
                if (root.isPresent() && (isMarked(group) || Grants.isMarked(root.get()))) {
                    List<GroupDirectory> base = new ArrayList<>(own);
                    base.remove(group);
                    base.add(root.get());
                    return Optional.of(base);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isMarked(GroupDirectory group) {
        return group.mark(MARK).equals(Optional.of(NAME));
    }

    /** Moves every process out of the root into the supervisor's group, which is made if it is missing. */
    void evacuate() {
        GroupDirectory supervisor = supervisor();
        for (int round = 0; round < ROUNDS; round++) {
            List<Long> pids = root.pids();
            if (pids.isEmpty()) {
                return;
            }
            if (pids.contains(0L)) {
                throw new InternalProcesses(
                        failure().why("a process of another pid namespace sits in it, which has no pid here"),
                        pids,
                        null);
            }
            pids.forEach(pid -> move(pid, supervisor));
        }
        throw new InternalProcesses(
                failure().why("new processes keep coming in, " + root.pids() + " at last"), root.pids(), null);
    }

    private GroupDirectory supervisor() {
        Path path = root.path().resolve(NAME);
        GroupDirectory group = GroupDirectory.at(host, root.hierarchy(), path).orElseGet(() -> root.child(NAME));
        try {
            host.tree().setAttribute(path, MARK, NAME);
        } catch (ErrnoException e) {
            LOG.debug("{} is not marked, and will not be known again: {}", path, e.getMessage());
        }
        return group;
    }

    private void move(long pid, GroupDirectory supervisor) {
        try {
            new Attachment(host, List.of(supervisor)).move("cgroup.procs", pid);
        } catch (ProcessGone e) {
            // it ended on the way
        }
    }

    private Failure failure() {
        return Failure.of("evacuate", root.path());
    }
}
