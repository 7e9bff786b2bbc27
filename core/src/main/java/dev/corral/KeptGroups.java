package dev.corral;

import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The supplementary groups that a child can't be rid of: an ordinary user may not set them. */
final class KeptGroups {
    private KeptGroups() {}

    /** A line for the report, or none where there are none besides the JVM's own group. Source: proc_pid_status(5). */
    static Applied ofThisJvm() {
        try {
            String status = Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1);
            return of(status, LibC.effectiveGroup());
        } catch (IOException unknown) {
            return entry("unknown: " + unknown);
        }
    }

    static Applied of(String status, long own) {
        List<String> kept = status.lines()
                .filter(line -> line.startsWith("Groups:"))
                .flatMap(line ->
                        Arrays.stream(line.substring("Groups:".length()).strip().split("\\s+", -1)))
                .filter(group -> !group.isEmpty() && !group.equals(Long.toString(own)))
                .toList();
        return kept.isEmpty() ? Applied.none() : entry(String.join(", ", kept));
    }

    private static Applied entry(String kept) {
        return new Applied(List.of(new Applied.Entry(
                "supplementary groups",
                "none",
                Optional.empty(),
                Optional.empty(),
                "the JVM's stay (" + kept + "): without CAP_SETGID they can't be set")));
    }
}
