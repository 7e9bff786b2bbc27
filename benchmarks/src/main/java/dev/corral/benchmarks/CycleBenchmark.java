package dev.corral.benchmarks;

import dev.corral.Applied;
import dev.corral.ByteSize;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.DeletePolicy;
import dev.corral.cgroups.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Makes a group, sets four limits, removes it. C makes the calls that are needed for that: mkdir in each hierarchy, the
 * owner's mark, CPUs and memory nodes of a version 1 cpuset, each limit in its file and read back from it, rmdir.
 */
record CycleBenchmark(Cgroups groups, CPrograms programs, Path floor, CgroupReport report) {
    private static final Limits LIMITS = Limits.none()
            .memory(ByteSize.mebibytes(256))
            .cpus(0.5)
            .cpuWeight(200)
            .pids(64);
    private static final double GOAL = 1.15;
    private static final int TIMES = 5;
    private static final int WARM_UP = 500;
    private static final int ROUNDS = 60;

    void run() throws Exception {
        String name = CgroupBenchmark.name("cycle");
        List<String> calls;
        try (Cgroup group = groups.create(name)) {
            calls = needed(group, group.apply(LIMITS));
        }
        try (Floor c = new Floor(floor, programs.directory().resolve("cycle.calls"), calls)) {
            Candidate needed = c.candidate("create, four limits, delete: C, " + calls.size() + " steps", TIMES);
            Candidate java = Candidate.batch("create, four limits, delete: `Cgroups`", TIMES, () -> cycle(name));
            Figures.measure(List.of(needed, java), 1, WARM_UP);
            Figures figures = Figures.measure(List.of(needed, java), CgroupBenchmark.RUNS, ROUNDS);
            report.times(figures, List.of(needed, java));
            report.goal(
                    Goal.atMost("create, four limits read back, delete, times C's", GOAL, figures.ratio(java, needed)));
        }
    }

    private void cycle(String name) {
        Cgroup group = groups.create(name);
        group.apply(LIMITS);
        group.delete(DeletePolicy.EMPTY_ONLY);
    }

    private static List<String> needed(Cgroup group, Applied applied) throws IOException {
        List<String> calls = new ArrayList<>();
        for (Path path : group.paths()) {
            calls.add("mkdir\t" + path);
            calls.add("mark\t" + path + "\t1000000:10000000:4026531836");
            // version 2 has a cpuset that needs no beginning, and not this file
            if (Files.exists(path.resolve("cpuset.cpu_exclusive"))) {
                for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                    Path parent = Objects.requireNonNull(path.getParent());
                    calls.add("copy\t" + parent.resolve(file) + "\t" + path.resolve(file));
                }
            }
        }
        for (Applied.Entry entry : applied.entries()) {
            calls.add("set\t" + entry.file().orElseThrow() + "\t"
                    + entry.written().orElseThrow());
        }
        group.paths().forEach(path -> calls.add("rmdir\t" + path));
        return calls;
    }
}
