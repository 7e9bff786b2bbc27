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
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Makes a group, sets four limits, removes it. C does it twice: with the calls that Corral makes, which strace tells
 * ({@link CycleCalls}), and with those that are needed: mkdir in each hierarchy, the owner's mark, CPUs and memory nodes of a version 1 cpuset, each limit in its
 * file and read back from it, rmdir.
 */
record CycleBenchmark(Cgroups groups, CPrograms programs, Path floor, CgroupReport report) {
    private static final Limits LIMITS = Limits.none()
            .memory(ByteSize.mebibytes(256))
            .cpus(0.5)
            .cpuWeight(200)
            .pids(64);
    private static final Limits OTHERS = Limits.none()
            .memory(ByteSize.mebibytes(128))
            .cpus(0.25)
            .cpuWeight(100)
            .pids(32);
    private static final double GOAL = 1.15;
    private static final int TIMES = 5;
    private static final int WARM_UP = 100;
    /** Until what the JVM compiles is compiled; a tenth of it leaves half to the interpreter. */
    private static final int WARM_UP_JAVA = 3_000;

    private static final int ROUNDS = 40;
    /** What the JVM compiles to write limits, without more groups than the kernel can tear down. */
    private static final int WRITES = 4_000;
    /** Groups that the kernel has yet to tear down make new ones slow: more than so many besides others' are waited for. */
    private static final int DYING = 20;

    private static final long PATIENCE_MILLIS = 60_000;

    void run() throws Exception {
        String name = CgroupBenchmark.name("cycle");
        long most = groupsInKernel() + DYING;
        List<String> calls;
        try (Cgroup group = groups.create(name)) {
            Applied applied = group.apply(LIMITS);
            calls = needed(group, applied);
            for (int i = 0; i < WRITES; i++) {
                group.apply(i % 2 == 0 ? OTHERS : LIMITS);
            }
        }
        // what is asked only once is asked before
        cycle(name);
        Optional<Path> strace = OtherTools.find("strace");
        if (strace.isEmpty()) {
            report.missing("no strace, and so no C that makes the same calls as Corral");
            return;
        }
        List<String> same = CycleCalls.of(strace.get(), programs.directory().resolve("cycle.trace"), () -> cycle(name));
        try (Floor least = floor("needed", calls);
                Floor all = floor("same", same)) {
            Candidate needed = rested(least.candidate("create, four limits, delete: C, what is needed", TIMES), most);
            Candidate c =
                    rested(all.candidate("create, four limits, delete: C, the same calls as Corral", TIMES), most);
            Candidate java =
                    rested(Candidate.batch("create, four limits, delete: `Cgroups`", TIMES, () -> cycle(name)), most);
            List<Candidate> candidates = List.of(c, needed, java);
            Figures.measure(List.of(java), 1, WARM_UP_JAVA);
            Figures.measure(candidates, 1, WARM_UP);
            Figures figures = Figures.measure(candidates, CgroupBenchmark.RUNS, ROUNDS);
            report.times(figures, candidates);
            report.goal(Goal.atMost(
                    "create, four limits read back, delete, times C's same calls", GOAL, figures.ratio(java, c)));
            report.goal(Goal.atMost(
                    "create, four limits read back, delete, times C's least calls", GOAL, figures.ratio(java, needed)));
        }
    }

    private Floor floor(String name, List<String> calls) throws IOException {
        return new Floor(floor, programs.directory().resolve("cycle-" + name + ".calls"), calls);
    }

    private static Candidate rested(Candidate candidate, long most) {
        return new Candidate(candidate.name(), () -> {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
            while (groupsInKernel() > most && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            return candidate.sample().nanos();
        });
    }

    /** With those that are removed and not yet torn down: the most that one controller has. Source: cgroups(7), /proc/cgroups. */
    private static long groupsInKernel() throws IOException {
        return Files.readAllLines(Path.of("/proc/cgroups")).stream()
                .filter(line -> !line.startsWith("#"))
                .mapToLong(line -> Long.parseLong(line.split("\\t", -1)[2]))
                .max()
                .orElse(0);
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
            calls.add("mark\t" + path + "\t" + CgroupBenchmark.mark());
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
