package dev.corral;

import dev.corral.internal.linux.FileNames;
import dev.corral.internal.linux.Sysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a host tells about itself when a launch has failed. Only ever looked at for a hint: what can't be read is an empty
 * text.
 *
 * @param proc where its procfs is
 */
record Clues(Path proc) {
    static Clues ofThisHost() {
        return new Clues(Path.of("/proc"));
    }

    /** Whether a seccomp filter is in force for the JVM. Source: proc_pid_status(5). */
    boolean filtered() {
        return text(proc.resolve("self/status")).contains("Seccomp:\t2");
    }

    /** A setting as sysctl(8) names it, but with slashes, such as {@code user/max_net_namespaces}. */
    String setting(String name) {
        return Sysctl.read(proc.resolve("sys").resolve(name)).orElse("");
    }

    /** The JVM's own limits. Source: proc_pid_limits(5). */
    String limits() {
        return text(proc.resolve("self/limits"));
    }

    /** The JVM's mounts. Source: proc_pid_mountinfo(5). */
    String mounts() {
        return text(proc.resolve("self/mountinfo"));
    }

    static String text(Path file) {
        try {
            return FileNames.text(Files.readAllBytes(file));
        } catch (IOException absent) {
            return "";
        }
    }
}
