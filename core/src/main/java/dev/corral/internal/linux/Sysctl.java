package dev.corral.internal.linux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the kernel, the files below /proc/sys. Source: proc_sys(5). */
public final class Sysctl {
    private static final int LONGEST = 4096;

    private Sysctl() {}

    /**
     * What a setting's file says, without blanks around it; empty where there is none, or it may not be read. It is read at once:
     * a number is told by the first read, however little that took, and to {@code Files.readString}, which begins with one
     * byte where a file has no size, only its first digit.
     */
    public static Optional<String> read(Path file) {
        byte[] buffer = new byte[LONGEST];
        try (InputStream in = Files.newInputStream(file)) {
            int length = in.read(buffer);
            return Optional.of(new String(buffer, 0, Math.max(0, length), UTF_8).strip());
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
