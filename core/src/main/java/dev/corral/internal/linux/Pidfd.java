package dev.corral.internal.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel tells about a descriptor that means a process. */
public final class Pidfd {
    private static final String PID = "Pid:";

    private Pidfd() {}

    /**
     * Whose it is, or -1 if that process has ended. Source: the field Pid of fdinfo, pidfd_open(2).
     *
     * @throws IllegalArgumentException if the descriptor is no pidfd
     */
    public static long pid(int pidfd) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(pidfd)))) {
                if (line.startsWith(PID)) {
                    return Long.parseLong(line.substring(PID.length()).strip());
                }
            }
        } catch (IOException closed) {
            throw new IllegalArgumentException("descriptor " + pidfd + " is not open", closed);
        }
        throw new IllegalArgumentException("descriptor " + pidfd + " is no pidfd");
    }
}
