package dev.corral.cgroups;

import dev.corral.internal.linux.FileNames;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One mount of this process's mount namespace. Source: proc_pid_mountinfo(5).
 *
 * @param id of the mount
 * @param parent the mount it lies on; itself, or one that can't be seen, for the root
 * @param root which directory of the file system is mounted
 * @param point where
 * @param options of the mount, such as {@code ro}
 * @param type the file system, such as {@code cgroup2}
 * @param superOptions of the file system; for version 1 its controllers are among them
 */
record MountInfo(
        int id, int parent, String root, Path point, Set<String> options, String type, Set<String> superOptions) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-3][0-7]{2})");

    /** All mounts in the kernel's order; lines of another shape are left out. */
    static List<MountInfo> parse(String text) {
        return Stream.of(text.split("\n", -1))
                .map(MountInfo::line)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Those of the mounts that a path can lead to: no other one lies on top of them, or on the way to them. */
    static List<MountInfo> reachable(List<MountInfo> mounts) {
        Map<Integer, List<MountInfo>> children = mounts.stream().collect(Collectors.groupingBy(MountInfo::parent));
        Map<Integer, MountInfo> byId = new HashMap<>();
        mounts.forEach(mount -> byId.put(mount.id(), mount));
        return mounts.stream()
                .filter(mount -> mount.isReachable(children, byId, mounts.size(), mount))
                .toList();
    }

    /**
     * Whether nothing is in the way.
     *
     * @param depth how many mounts may lie below it, which ends a circle in damaged text
     * @param top the mount on it that is asked about, which may cover it
     */
    private boolean isReachable(
            Map<Integer, List<MountInfo>> children, Map<Integer, MountInfo> byId, int depth, MountInfo top) {
        boolean covered = children.getOrDefault(id, List.of()).stream()
                .anyMatch(other -> other.id != id && other.id != top.id && other.point.equals(point));
        if (depth == 0 || covered) {
            return false;
        }
        MountInfo below = byId.get(parent);
        if (below == null || below.id == id) {
            return true;
        }
        boolean cutOff = children.getOrDefault(parent, List.of()).stream()
                .anyMatch(other -> !other.point.equals(point)
                        && !other.point.equals(below.point)
                        && point.startsWith(other.point));
        return !cutOff && below.isReachable(children, byId, depth - 1, this);
    }

    private static Optional<MountInfo> line(String line) {
        String[] fields = line.split(" ", -1);
        int separator = 6;
        while (separator < fields.length && !fields[separator].equals("-")) {
            separator++;
        }
        if (separator + 3 >= fields.length
                || !fields[4].startsWith("/")
                || !NUMBER.matcher(fields[0]).matches()
                || !NUMBER.matcher(fields[1]).matches()) {
            return Optional.empty();
        }
        return Optional.of(new MountInfo(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                unescape(fields[3]),
                FileNames.path(unescape(fields[4])),
                Set.copyOf(List.of(fields[5].split(","))),
                fields[separator + 1],
                Set.copyOf(List.of(fields[separator + 3].split(",")))));
    }

    boolean readOnly() {
        return options.contains("ro") || superOptions.contains("ro");
    }

    /** Undoes the kernel's octal escapes, of blank, tab, newline and backslash as a rule. */
    private static String unescape(String field) {
        return OCTAL.matcher(field)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 8))));
    }
}
