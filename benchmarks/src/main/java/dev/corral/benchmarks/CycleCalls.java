package dev.corral.benchmarks;

import dev.corral.Applied;
import dev.corral.cgroups.Cgroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The system calls by which Corral makes a group, sets four limits and removes it, as strace shows them. Besides what is needed
 * it asks which hierarchies it may write to, makes sure before each change that it deals with the group it made and with no
 * later one of its name, and looks before it writes: what is in place stays, a burst may not exceed a quota, a limit of
 * processes may be below what there is.
 */
final class CycleCalls {
    private CycleCalls() {}

    static List<String> of(Cgroup group, Applied applied) throws IOException {
        List<String> calls = new ArrayList<>();
        group.paths().forEach(path -> calls.add("probe\t" + path.getParent()));
        for (Path path : group.paths()) {
            calls.add("mkdir\t" + path);
            calls.add("inode\t" + path);
            calls.add("mark\t" + path + "\t" + CgroupBenchmark.mark());
            // version 2 has a cpuset that needs no beginning, and not this file
            if (Files.exists(path.resolve("cpuset.cpu_exclusive"))) {
                cpuset(calls, path, "cpuset.cpus");
                cpuset(calls, path, "cpuset.mems");
            }
        }
        group.paths().forEach(path -> calls.add("inode\t" + path));
        for (Applied.Entry entry : applied.entries()) {
            Path file = Path.of(entry.file().orElseThrow());
            Path directory = Objects.requireNonNull(file.getParent());
            switch (String.valueOf(file.getFileName())) {
                case "memory.limit_in_bytes" -> {
                    calls.add("inode\t" + directory.resolve("memory.memsw.limit_in_bytes"));
                    calls.add("value\t" + file);
                }
                case "cpu.cfs_quota_us" -> {
                    calls.add("inode\t" + directory);
                    calls.add("value\t" + directory.resolve("cpu.cfs_burst_us"));
                    calls.add("inode\t" + file);
                    calls.add("edit\t" + directory.resolve("cpu.cfs_period_us") + "\t");
                }
                case "pids.max" -> calls.add("value\t" + directory.resolve("pids.current"));
                default -> {}
            }
            calls.add("edit\t" + file + "\t" + entry.written().orElseThrow());
        }
        for (Path path : group.paths()) {
            calls.add("inode\t" + path);
            calls.add("rmdir\t" + path);
        }
        return calls;
    }

    private static void cpuset(List<String> calls, Path path, String file) {
        Path parent = Objects.requireNonNull(path.getParent());
        calls.add("value\t" + path.resolve(file));
        calls.add("inode\t" + parent);
        calls.add("inode\t" + path);
        calls.add("copy\t" + parent.resolve(file) + "\t" + path.resolve(file));
    }
}
