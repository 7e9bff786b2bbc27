package dev.corral.namespaces;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A namespace that a bind mount keeps at a path. */
record MountedNamespace(Namespace namespace, Path path) {
    private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");
    private static final int ROOT = 3;
    private static final int MOUNT_POINT = 4;

    /** Bytes of {@code /proc/self/mountinfo}, in its order; source: proc_pid_mountinfo(5). */
    static List<MountedNamespace> parse(byte[] mountInfo) {
        List<MountedNamespace> found = new ArrayList<>();
        for (String line : new String(mountInfo, ISO_8859_1).split("\n", -1)) {
            String[] fields = line.split(" ", -1);
            if (fields.length > MOUNT_POINT && line.contains(" - nsfs ")) {
                Namespace.parse(fields[ROOT])
                        .map(namespace -> new MountedNamespace(namespace, path(fields[MOUNT_POINT])))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    /** The kernel writes blanks and the like as octal numbers. */
    private static Path path(String escaped) {
        String bytes = ESCAPE.matcher(escaped).replaceAll(match -> {
            char plain = (char) Integer.parseInt(match.group(1), 8);
            return plain == '\\' || plain == '$' ? "\\" + plain : String.valueOf(plain);
        });
        return FileNames.path(FileNames.text(bytes.getBytes(ISO_8859_1)));
    }
}
