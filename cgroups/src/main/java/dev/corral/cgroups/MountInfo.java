package dev.corral.cgroups;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One mount of this process's mount namespace. Source: proc_pid_mountinfo(5).
 *
 * @param root which directory of the file system is mounted
 * @param point where
 * @param options of the mount, such as {@code ro}
 * @param type the file system, such as {@code cgroup2}
 * @param superOptions of the file system; for version 1 its controllers are among them
 */
record MountInfo(String root, Path point, Set<String> options, String type, Set<String> superOptions) {
    /** All mounts in the kernel's order; lines of another shape are left out. */
    static List<MountInfo> parse(String text) {
        return text.lines().map(MountInfo::line).flatMap(Optional::stream).toList();
    }

    private static Optional<MountInfo> line(String line) {
        String[] fields = line.split(" ", -1);
        int separator = 6;
        while (separator < fields.length && !fields[separator].equals("-")) {
            separator++;
        }
        if (separator + 3 >= fields.length || !fields[4].startsWith("/")) {
            return Optional.empty();
        }
        return Optional.of(new MountInfo(
                unescape(fields[3]),
                Path.of(unescape(fields[4])),
                Set.copyOf(List.of(fields[5].split(","))),
                fields[separator + 1],
                Set.copyOf(List.of(fields[separator + 3].split(",")))));
    }

    boolean readOnly() {
        return options.contains("ro") || superOptions.contains("ro");
    }

    /** Undoes the kernel's octal escapes of blank, tab, newline and backslash. */
    private static String unescape(String field) {
        return field.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
