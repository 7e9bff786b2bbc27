package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.ProcStat;
import dev.corral.internal.linux.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The processes of this machine, as {@code /proc} tells of them.
 *
 * @param proc the root of procfs
 * @param exists whether a pid is somebody's, also where {@code /proc} hides those of other users
 */
record Processes(Tree tree, Path proc, LongPredicate exists) {
    private static final Pattern NAMESPACE = Pattern.compile("pid:\\[([0-9]{1,18})]");
    private static final String THREAD_GROUP = "Tgid:";

    static Processes real(Tree tree, Path proc) {
        return new Processes(tree, proc, Processes::canBeSignalled);
    }

    /** Empty if there is no such process, or it may not be looked at. */
    Optional<ProcStat> stat(long pid) {
        return read(Long.toString(pid), "stat").flatMap(ProcStat::parse);
    }

    /** Whether a process, or what is left of it, still has a thread that runs. */
    boolean isAlive(long pid) {
        Optional<ProcStat> leader = stat(pid);
        if (leader.isEmpty() || !leader.get().isDead()) {
            return leader.isPresent() || exists.test(pid);
        }
        return tree.children(proc.resolve(Long.toString(pid)).resolve("task")).stream()
                .map(task -> tree.read(task.resolve("stat")).flatMap(ProcStat::parse))
                .flatMap(Optional::stream)
                .anyMatch(task -> !task.isDead());
    }

    /** Whether the process is there no more; false where that can't be said. */
    boolean isGone(Owner owner) {
        Optional<ProcStat> stat = stat(owner.pid());
        return stat.isPresent() ? stat.get().start() != owner.start() : !exists.test(owner.pid());
    }

    /** In which groups a process is; none if it is gone. */
    List<Membership> groups(long pid) {
        return read(Long.toString(pid), "cgroup").map(Membership::parse).orElse(List.of());
    }

    /** In which groups this process is. */
    List<Membership> own() {
        return read("self", "cgroup").map(Membership::parse).orElse(List.of());
    }

    /** The process that a thread belongs to; empty if it is gone. */
    Optional<Long> processOf(long thread) {
        return read(Long.toString(thread), "status").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(THREAD_GROUP))
                .findFirst()
                .flatMap(line ->
                        KernelNumber.parse(line.substring(THREAD_GROUP.length()).strip()));
    }

    /** This process; empty where {@code /proc} does not tell all of it. */
    Optional<Owner> self() {
        Optional<Long> namespace = Optional.empty();
        try {
            Matcher link = NAMESPACE.matcher(
                    Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString());
            namespace = link.matches() ? Optional.of(Long.parseLong(link.group(1))) : namespace;
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
        long pid = ProcessHandle.current().pid();
        Optional<Long> start = stat(pid).map(ProcStat::start);
        return namespace.flatMap(inode -> start.map(ticks -> new Owner(pid, ticks, inode)));
    }

    private Optional<String> read(String pid, String file) {
        try {
            return tree.read(proc.resolve(pid).resolve(file));
        } catch (ErrnoException e) {
            // ESRCH: it ended between the opening and the reading
            if (e.errno() == Errno.ESRCH || e.errno() == Errno.EACCES || e.errno() == Errno.EPERM) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean canBeSignalled(long pid) {
        try {
            return ProcessCalls.kill((int) pid, 0);
        } catch (ErrnoException e) {
            return true;
        }
    }
}
