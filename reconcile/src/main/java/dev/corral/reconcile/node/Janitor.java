package dev.corral.reconcile.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes directories when this JVM dies without having done it: a small process that waits for the end of a pipe. It goes with
 * the JVM, a moment later.
 */
final class Janitor implements AutoCloseable {
    /** Containers die when the JVM does, but it takes them a moment, in which they may still write. */
    private static final String SCRIPT = "trap '' HUP INT TERM; cat >/dev/null; n=0; "
            + "while ! rm -rf -- \"$@\" 2>/dev/null && [ $n -lt 100 ]; do n=$((n+1)); "
            + "for root; do umount -l \"$root\"/pod-*/* 2>/dev/null; done; sleep 0.1; done";

    private final Process process;

    private Janitor(Process process) {
        this.process = process;
    }

    static Janitor of(List<Path> directories) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "corral-janitor"));
        directories.forEach(directory -> command.add(directory.toString()));
        try {
            return new Janitor(new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException failed) {
            throw new UncheckedIOException("no process could be started to remove " + directories, failed);
        }
    }

    /** For tests. */
    long pid() {
        return process.pid();
    }

    /** Ends it; it does nothing then. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
