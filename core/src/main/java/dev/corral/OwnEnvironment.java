package dev.corral;

import dev.corral.internal.linux.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The JVM's own variables, whose values are bytes. The JVM tells them as a text of its locale, in which some may be lost; those are
 * taken from where the kernel has them. Source: proc_pid_environ(5).
 */
final class OwnEnvironment {
    private static final Path KERNELS = Path.of("/proc/self/environ");
    /** What stands for bytes that are no text in the locale. */
    private static final char LOST = '\uFFFD';

    private OwnEnvironment() {}

    static Map<String, String> variables() {
        Map<String, String> told = System.getenv();
        return told.values().stream().anyMatch(value -> value.indexOf(LOST) >= 0) ? exact(told) : told;
    }

    private static Map<String, String> exact(Map<String, String> told) {
        Map<String, String> exact = new HashMap<>(told);
        try {
            for (String variable : FileNames.text(Files.readAllBytes(KERNELS)).split("\0", -1)) {
                int sign = variable.indexOf('=');
                if (sign > 0) {
                    exact.computeIfPresent(
                            variable.substring(0, sign),
                            (name, value) -> value.indexOf(LOST) < 0 ? value : variable.substring(sign + 1));
                }
            }
        } catch (IOException hidden) {
            return told; // without /proc there is no better answer than the JVM's
        }
        return exact;
    }
}
