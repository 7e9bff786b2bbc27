package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.ProcStat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Marks a group as that of another process than the one that made it; see {@link Owner}. */
record Handover(Host host, Path path, List<GroupDirectory> directories) {
    /** The process must be there. */
    void to(long pid, Optional<String> file) {
        long start = host.processes()
                .stat(pid)
                .map(ProcStat::start)
                .orElseThrow(() -> new ProcessGone(failure(pid).why("it has ended"), pid, null));
        long namespace = host.owner()
                .map(Owner::namespace)
                .orElseThrow(() -> new KernelRefused(failure(pid).why("/proc does not tell the pid namespace"), null));
        for (GroupDirectory directory : directories) {
            try {
                host.tree().setAttribute(directory.path(), Owner.MARK, new Owner(pid, start, namespace, file).text());
            } catch (ErrnoException e) {
                Failure failure = Failure.of("mark", directory.path()).errno(e);
                throw new KernelRefused(
                        e.errno() == Errno.EOPNOTSUPP
                                ? failure.why("the file system of control groups takes no extended attributes")
                                : failure,
                        e);
            }
        }
    }

    private Failure failure(long pid) {
        return Failure.of("hand", path + " to pid " + pid);
    }
}
