package dev.corral.cgroups;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Names of groups: what the kernel takes, and what can't be mistaken for one of its own files. */
final class CgroupName {
    private static final int MAX_BYTES = 180;
    private static final Set<String> TAKEN = Set.of("tasks", "notify_on_release", "release_agent");
    /** What the names of files of controllers begin with. */
    private static final List<String> CONTROLLERS = List.of(
            "blkio.",
            "cpu.",
            "cpuacct.",
            "cpuset.",
            "debug.",
            "devices.",
            "dmem.",
            "freezer.",
            "hugetlb.",
            "io.",
            "irq.",
            "memory.",
            "misc.",
            "net_cls.",
            "net_prio.",
            "perf_event.",
            "pids.",
            "rdma.");

    private CgroupName() {}

    /**
     * Refuses what can't be a name with an IllegalArgumentException: empty, {@code .}, {@code ..}, a slash, a newline, a
     * NUL, or over 180 bytes, which leaves room below the kernel's 255 for what makes a name unique.
     */
    static String check(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "group name of " + bytes + " bytes: it must have between 1 and " + MAX_BYTES);
        }
        if (name.equals(".")
                || name.equals("..")
                || name.indexOf('/') >= 0
                || name.indexOf('\n') >= 0
                || name.indexOf(0) >= 0) {
            throw new IllegalArgumentException(
                    "group name \"" + name.replace("\0", "\\0").replace("\n", "\\n")
                            + "\": it must not be . or .. and must not contain a slash, a newline or a NUL");
        }
        return name;
    }

    /** The name of the directory: a leading underscore keeps the kernel's own file names free. */
    static String escape(String name) {
        return clashes(name) ? "_" + name : name;
    }

    static String unescape(String directory) {
        return directory.startsWith("_") ? directory.substring(1) : directory;
    }

    private static boolean clashes(String name) {
        for (String controller : CONTROLLERS) {
            if (name.startsWith(controller)) {
                return true;
            }
        }
        return name.startsWith("_") || name.startsWith(".") || name.startsWith("cgroup.") || TAKEN.contains(name);
    }
}
