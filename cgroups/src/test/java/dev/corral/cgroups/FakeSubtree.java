package dev.corral.cgroups;

import dev.corral.internal.linux.Errno;
import dev.corral.internal.linux.ErrnoException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the kernel makes of a write to cgroup.subtree_control, as seen on real ones. */
record FakeSubtree(Map<Path, String> files, List<Path> children, List<Path> grandchildren) {
    private static final Set<String> THREADED = Set.of("cpu", "cpuset", "pids", "perf_event");
    private static final Set<String> KNOWN =
            Set.of("cpu", "cpuset", "pids", "perf_event", "memory", "io", "hugetlb", "rdma", "misc", "dmem");

    void write(Path file, String value) {
        List<String> enabled = new ArrayList<>(words(file));
        List<String> wanted = Stream.of(value.split(" ")).toList();
        for (String word : wanted) {
            refuse(file, !KNOWN.contains(word.substring(1)), Errno.EINVAL);
        }
        for (String word : wanted) {
            String name = word.substring(1);
            if (word.startsWith("-")) {
                boolean used = children.stream()
                        .anyMatch(child ->
                                words(child.resolve("cgroup.subtree_control")).contains(name));
                refuse(file, used, Errno.EBUSY);
                enabled.remove(name);
                continue;
            }
            refuse(file, !words(file.resolveSibling("cgroup.controllers")).contains(name), Errno.ENOENT);
            refuse(file, type(file).equals("domain threaded") && !THREADED.contains(name), Errno.EOPNOTSUPP);
            refuse(file, isOccupied(file) && !THREADED.contains(name), Errno.EBUSY);
        }
        for (String word : wanted) {
            String name = word.substring(1);
            if (word.startsWith("+") && !enabled.contains(name)) {
                // a name in the way stops it in the middle of its work
                files.put(file, String.join(" ", enabled) + "\n");
                refuse(
                        file,
                        grandchildren.stream().anyMatch(child -> name(child).startsWith(name + ".")),
                        Errno.EEXIST);
                enabled.add(name);
            }
        }
        files.put(file, String.join(" ", enabled) + "\n");
        if (files.containsKey(file.resolveSibling("cgroup.type"))) {
            boolean threaded = isOccupied(file) && enabled.stream().anyMatch(THREADED::contains);
            files.put(file.resolveSibling("cgroup.type"), threaded ? "domain threaded\n" : "domain\n");
        }
    }

    private boolean isOccupied(Path file) {
        return files.containsKey(file.resolveSibling("cgroup.type"))
                && !words(file.resolveSibling("cgroup.procs")).isEmpty();
    }

    private String type(Path file) {
        return files.getOrDefault(file.resolveSibling("cgroup.type"), "").strip();
    }

    private List<String> words(Path file) {
        return Stream.of(files.getOrDefault(file, "").strip().split("[ \n]"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static String name(Path path) {
        return Optional.ofNullable(path.getFileName()).map(Path::toString).orElse("");
    }

    private static void refuse(Path file, boolean wrong, int errno) {
        if (wrong) {
            throw new ErrnoException("write", file.toString(), errno);
        }
    }
}
