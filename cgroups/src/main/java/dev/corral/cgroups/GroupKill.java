package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.ProcStat;
import dev.corral.internal.linux.ProcessCalls;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends every process of a group and of the groups below it.
 *
 * <p>Version 2 does it in one write, against which no fork storm stands. Whatever is left then, or where there is no such
 * file, is killed one by one until nothing is left: frozen meanwhile where there is a freezer, so that nothing forks. What
 * version 1 has frozen dies only after the thaw.
 *
 * <p>This JVM is spared, and is among the survivors: version 1 lists a process for each of its threads, so that a single
 * thread which was moved, and may be ending just now, would take all others with it.
 */
final class GroupKill {
    private static final Logger LOG = LoggerFactory.getLogger(GroupKill.class);
    private static final int SIGKILL = 9;
    private static final Duration FREEZE = Duration.ofMillis(100);
    /** So many processes are held by a descriptor at once. */
    private static final int BATCH = 64;

    private static final long SELF = ProcessHandle.current().pid();

    private final Backoff backoff;
    private final List<GroupDirectory> directories;

    GroupKill(Backoff backoff, List<GroupDirectory> directories) {
        this.backoff = backoff;
        this.directories = directories;
    }

    KillResult within(Duration limit) {
        if (!members().contains(SELF)) {
            directories.stream()
                    .filter(directory -> directory.hierarchy().unified())
                    .filter(GroupDirectory::alive)
                    .forEach(this::killAtOnce);
        }
        backoff.until(limit, () -> {
            List<Long> members = members().stream().filter(pid -> pid != SELF).toList();
            if (!members.isEmpty()) {
                killOneByOne(members);
            }
            return members.isEmpty();
        });
        return new KillResult(members().stream().map(this::survivor).toList());
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
        Optional<GroupFreezer> frozen = members().contains(SELF)
                ? Optional.empty()
                : freezers().stream().findFirst().filter(freezer -> tryTo(() -> freezer.freeze(FREEZE)));
        try {
            for (int i = 0; i < members.size(); i += BATCH) {
                kill(members.subList(i, Math.min(i + BATCH, members.size())));
            }
        } finally {
            frozen.ifPresent(GroupKill::thaw);
            // also what somebody else had frozen: it can't die otherwise
            GroupFreezer.ofVersion1(backoff, alive()).forEach(GroupKill::thaw);
        }
    }

    private static void thaw(GroupFreezer freezer) {
        tryTo(() -> {
            freezer.thaw();
            return true;
        });
    }

    private List<GroupFreezer> freezers() {
        return GroupFreezer.of(backoff, alive());
    }

    private List<GroupDirectory> alive() {
        return directories.stream().filter(GroupDirectory::alive).toList();
    }

    /** Freezing only helps; the group may also vanish meanwhile. */
    private static boolean tryTo(java.util.function.BooleanSupplier action) {
        try {
            return action.getAsBoolean();
        } catch (CgroupException e) {
            LOG.debug("{}", e.getMessage());
            return false;
        }
    }

    /** Each pidfd is bound before the group is asked again: a pid that somebody else got meanwhile is left alone. */
    private void kill(List<Long> pids) {
        Map<Long, Fd> open = new LinkedHashMap<>();
        try {
            for (long pid : pids) {
                open(pid).ifPresent(pidfd -> open.put(pid, pidfd));
            }
            List<Long> still = members();
            open.forEach((pid, pidfd) -> {
                if (still.contains(pid)) {
                    signal(pid, pidfd);
                }
            });
        } finally {
            open.values().forEach(Fd::close);
        }
    }

    private static Optional<Fd> open(long pid) {
        try {
            return pid <= 0 ? Optional.empty() : Optional.of(new Fd(ProcessCalls.pidfdOpen((int) pid)));
        } catch (ErrnoException e) {
            return gone(pid, e);
        }
    }

    private static void signal(long pid, Fd pidfd) {
        try {
            ProcessCalls.pidfdSignal(pidfd.number(), SIGKILL);
        } catch (ErrnoException e) {
            gone(pid, e);
        }
    }

    private static Optional<Fd> gone(long pid, ErrnoException e) {
        // EPERM: a set-uid program, which will be among the survivors
        if (e.errno() != Errno.ESRCH && e.errno() != Errno.EPERM) {
            throw new KernelRefused(Failure.of("kill", "pid " + pid).errno(e), e);
        }
        return Optional.empty();
    }

    private List<Long> members() {
        return directories.stream()
                .flatMap(directory -> directory.members().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private Survivor survivor(long pid) {
        if (pid == 0) {
            return new Survivor(pid, "it belongs to another pid namespace, and has no pid here");
        }
        if (pid == SELF) {
            return new Survivor(pid, "it is this JVM, or a thread of it, and ends nobody but others");
        }
        Host host = directories.get(0).host();
        Optional<ProcStat> stat = host.processes().stat(pid);
        String why = "it had not ended yet";
        if (freezers().stream().anyMatch(GroupFreezer::isFrozenByAncestor)) {
            why = "a group above is frozen";
        } else if (stat.filter(task -> task.state() == 'D').isPresent()) {
            why = "it sleeps in the kernel, where no signal reaches it";
        } else if (!maySignal(pid)) {
            why = "uid " + host.user() + " may not signal it";
        }
        return new Survivor(pid, why);
    }

    private static boolean maySignal(long pid) {
        try {
            ProcessCalls.kill((int) pid, 0);
            return true;
        } catch (ErrnoException e) {
            return e.errno() != Errno.EPERM;
        }
    }
}
