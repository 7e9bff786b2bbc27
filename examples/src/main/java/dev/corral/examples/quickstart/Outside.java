package dev.corral.examples.quickstart;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A process as this JVM sees it, read from procfs.
 *
 * @param pid as this JVM sees it
 */
record Outside(long pid) {
    private static final Path PROC = Path.of("/proc");
    private static final String NSPID = "NSpid:";

    static Outside self() {
        return new Outside(ProcessHandle.current().pid());
    }

    /**
     * The descendant of this JVM that has told this of itself: it is in the pid namespace it named, under the pid it named.
     */
    static Outside of(Inside inside) throws IOException {
        List<Long> descendants =
                ProcessHandle.current().descendants().map(ProcessHandle::pid).toList();
        for (long pid : descendants) {
            Outside candidate = new Outside(pid);
            if (candidate.namespace("pid").equals(Optional.of(inside.namespace("pid")))
                    && candidate.innermostPid().equals(Optional.of(inside.pid()))) {
                return candidate;
            }
        }
        throw new IllegalStateException("none of the processes " + descendants + " is " + inside);
    }

    /** The link of a namespace such as {@code pid}; empty if the process has gone or may not be looked at. */
    Optional<String> namespace(String name) throws IOException {
        try {
            return Optional.of(Files.readSymbolicLink(file("ns").resolve(name)).toString());
        } catch (NoSuchFileException | AccessDeniedException unseen) {
            return Optional.empty();
        }
    }

    /** A file of its directory in procfs, such as {@code cgroup}. */
    Path file(String name) {
        return PROC.resolve(Long.toString(pid)).resolve(name);
    }

    /** Its pid in its own pid namespace; empty if it has gone. Source: proc_pid_status(5). */
    private Optional<Long> innermostPid() throws IOException {
        try {
            return Files.readAllLines(file("status")).stream()
                    .filter(line -> line.startsWith(NSPID))
                    .map(line -> line.substring(NSPID.length()).strip().split("\\s+"))
                    .map(pids -> Long.valueOf(pids[pids.length - 1]))
                    .findFirst();
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }
}
