package dev.corral.privileges;

import dev.corral.internal.linux.LibC;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has to give away.
 *
 * @param bounding as a mask, and as far as it is known here
 * @param permitted the same
 */
record Held(CapabilitySet bounding, CapabilitySet permitted) {
    /** Of whoever this JVM executes: root has all that the bounding set holds, others the ambient ones. */
    static Held byTheLauncher() {
        try {
            String status = Files.readString(Path.of("/proc/thread-self/status"), StandardCharsets.ISO_8859_1);
            return of(status, LibC.effectiveUser() == 0);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Held of(String status, boolean root) {
        CapabilitySet bounding = set(status, "CapBnd:");
        return new Held(bounding, root ? bounding : set(status, "CapAmb:"));
    }

    private static CapabilitySet set(String status, String field) {
        return status.lines()
                .filter(line -> line.startsWith(field))
                .map(line -> CapabilitySet.known(
                        Long.parseUnsignedLong(line.substring(field.length()).strip(), 16)))
                .findFirst()
                .orElse(CapabilitySet.none());
    }
}
