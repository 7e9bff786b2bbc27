package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends every process of a group and of the groups below it.
 *
 * <p>Version 2 does it in one write, against which no fork storm stands. Whatever is left then, or where there is no such
 * file, is killed one by one until nothing is left: frozen meanwhile where there is a freezer, so that nothing forks.
 */
final class GroupKill {
    private static final Logger LOG = LoggerFactory.getLogger(GroupKill.class);
    private static final int SIGKILL = 9;
    private static final Duration FREEZE = Duration.ofMillis(100);
    private static final String FREEZER = "freezer.state";

    private final Backoff backoff;
    private final List<GroupDirectory> directories;

    GroupKill(Backoff backoff, List<GroupDirectory> directories) {
        this.backoff = backoff;
        this.directories = directories;
    }

    KillResult within(Duration limit) {
        directories.stream()
                .filter(directory -> directory.hierarchy().unified())
                .filter(directory -> directory.alive())
                .forEach(this::killAtOnce);
        backoff.until(limit, () -> {
            List<Long> members = members();
            if (!members.isEmpty()) {
                killOneByOne(members);
            }
            return members.isEmpty();
        });
        return new KillResult(members());
    }

    /** The file exists from Linux 5.14 on, and not in threaded groups; one by one is slower and does for all. */
    private void killAtOnce(GroupDirectory directory) {
        try {
            directory.write("cgroup.kill", "1");
        } catch (CgroupException e) {
            LOG.debug("{}; killing one by one", e.getMessage());
        }
    }

    private void killOneByOne(List<Long> members) {
        Optional<GroupDirectory> freezer = directories.stream()
                .filter(directory -> directory.hierarchy().controllers().contains("freezer") && directory.alive())
                .findFirst();
        freezer.ifPresent(this::freeze);
        try {
            members.forEach(this::kill);
        } finally {
            freezer.ifPresent(directory -> directory.write(FREEZER, "THAWED"));
        }
    }

    /** Tasks that are about to sleep keep it from freezing for a while; killing goes on without it then. */
    private void freeze(GroupDirectory directory) {
        backoff.until(FREEZE, () -> {
            directory.write(FREEZER, "FROZEN");
            return directory.words(FREEZER).contains("FROZEN");
        });
    }

    /** The pidfd is bound before the group is asked again: a pid that somebody else got meanwhile is left alone. */
    private void kill(long pid) {
        if (pid <= 0) {
            return;
        }
        try (Fd pidfd = new Fd(LibC.pidfdOpen((int) pid))) {
            if (members().contains(pid)) {
                LibC.pidfdSignal(pidfd.number(), SIGKILL);
            }
        } catch (ErrnoException e) {
            // EPERM: a set-uid program, which will be among the survivors
            if (e.errno() != Errno.ESRCH && e.errno() != Errno.EPERM) {
                throw new KernelRefused(Failure.of("kill", "pid " + pid).errno(e), e);
            }
        }
    }

    private List<Long> members() {
        return directories.stream()
                .flatMap(directory -> directory.members().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
