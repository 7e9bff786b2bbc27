package dev.corral;

import dev.corral.internal.linux.ErrnoException;
import dev.corral.internal.linux.Fd;
import dev.corral.internal.linux.LibC;
import dev.corral.internal.linux.NamespaceCalls;
import dev.corral.internal.linux.Pidfd;
import dev.corral.internal.linux.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * The namespaces that a launch joins, opened as soon as a confinement names them: a moment later a pid may be another
 * process's. Closed after the launch.
 */
final class Joins implements AutoCloseable {
    private static final String USER = "user";

    /**
     * One call of setns.
     *
     * @param of whose they are, for people
     * @param descriptor a namespace, or a pidfd
     */
    record Join(List<String> kinds, String of, Fd descriptor) {}

    private final Command command;
    private final List<Join> all = new ArrayList<>();
    /** Each user namespace once: the kernel refuses to enter the one that a process is in. */
    private final Set<String> users = new HashSet<>();

    Joins(Command command) {
        this.command = command;
    }

    void file(String kind, Path file) {
        Fd opened = open(List.of(kind), file.toString(), () -> LibC.open(file, LibC.O_RDONLY));
        if (!kind.equals(USER) || users.add("user:[" + NamespaceCalls.inode(opened.number()) + "]")) {
            all.add(new Join(List.of(kind), file.toString(), opened));
        } else {
            opened.close();
        }
    }

    void process(Collection<String> kinds, long pid) {
        String of = "pid " + pid;
        process(kinds, pid, of, open(kinds, of, () -> ProcessCalls.pidfdOpen(Math.toIntExact(pid))));
    }

    void pidfd(Collection<String> kinds, int pidfd) {
        long pid = Pidfd.pid(pidfd);
        process(kinds, pid, "pid " + pid, open(kinds, "pidfd " + pidfd, () -> LibC.duplicate(pidfd, 0)));
    }

    private void process(Collection<String> kinds, long pid, String of, Fd opened) {
        List<String> rest = new ArrayList<>(kinds);
        if (rest.contains(USER) && !users.add(userOf(pid))) {
            rest.remove(USER);
        }
        if (rest.isEmpty()) {
            opened.close();
        } else {
            all.add(new Join(List.copyOf(rest), of, opened));
        }
    }

    private Fd open(Collection<String> kinds, String of, IntSupplier open) {
        try {
            return new Fd(open.getAsInt());
        } catch (ErrnoException refused) {
            throw LaunchErrors.join(command, kinds + " of " + of, refused);
        }
    }

    /** What can't be read is another one each time. */
    private static String userOf(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns", USER))
                    .toString();
        } catch (IOException unreadable) {
            return "of pid " + pid;
        }
    }

    List<Join> all() {
        return all;
    }

    boolean contains(String kind) {
        return all.stream().anyMatch(join -> join.kinds().contains(kind));
    }

    @Override
    public void close() {
        all.forEach(join -> join.descriptor().close());
    }
}
