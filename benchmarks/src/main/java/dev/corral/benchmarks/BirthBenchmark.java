package dev.corral.benchmarks;

import dev.corral.Command;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.CgroupMode;
import dev.corral.cgroups.Cgroups;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Children born in a version 2 group, beside plain ones of the same launcher: in quick succession, and after a rest; in quick
 * succession also beside C.
 *
 * @param spawn the program of src/main/c, if there is a compiler
 */
record BirthBenchmark(Cgroups groups, Optional<Path> spawn, CgroupReport report) {
    private static final double GOAL = 1.3;
    private static final int WARM_UP = 300;
    private static final int ROUNDS = 100;
    private static final int COLD_ROUNDS = 12;
    /** For that long the kernel keeps the paths fast on which processes change their groups. */
    private static final long REST_MILLIS = 150;

    void run() throws Exception {
        if (groups.mode() == CgroupMode.LEGACY) {
            report.goal(Goal.unmeasured("child born in a version 2 group", "there is no version 2 tree"));
            return;
        }
        try (Cgroup group = inUnified()) {
            Command plain = Command.of(LaunchBenchmark.PROGRAM);
            Command inside = plain.with(group);
            compare(
                    "in quick succession",
                    Candidate.of("plain launch, in quick succession", () -> CorralCandidates.run(plain)),
                    Candidate.of("born in a version 2 group, in quick succession", () -> CorralCandidates.run(inside)),
                    WARM_UP,
                    ROUNDS);
            compare(
                    "after a rest",
                    rested("plain launch, after " + REST_MILLIS + " ms of rest", plain),
                    rested("born in a version 2 group, after " + REST_MILLIS + " ms of rest", inside),
                    2,
                    COLD_ROUNDS);
            if (spawn.isPresent()) {
                besideC(spawn.get(), group, inside);
            }
        }
    }

    private void besideC(Path program, Cgroup group, Command inside) throws Exception {
        try (Floor plain = new Floor(program, LaunchBenchmark.PROGRAM);
                Floor born =
                        new Floor(program, LaunchBenchmark.PROGRAM, group.path().toString())) {
            List<Candidate> all = List.of(
                    born.candidate("born in a version 2 group, C, clone3", 1),
                    plain.candidate("plain launch, C, posix_spawn", 1),
                    Candidate.of("born in a version 2 group, beside C", () -> CorralCandidates.run(inside)));
            Figures.measure(all, 1, WARM_UP);
            report.times(Figures.measure(all, CgroupBenchmark.RUNS, ROUNDS), all);
        }
    }

    private void compare(String when, Candidate plain, Candidate inside, int warmUp, int rounds) throws Exception {
        List<Candidate> both = List.of(plain, inside);
        Figures.measure(both, 1, warmUp);
        Figures figures = Figures.measure(both, CgroupBenchmark.RUNS, rounds);
        report.times(figures, both);
        report.goal(Goal.atMost(
                "child born in a version 2 group " + when + ", times a plain launch",
                GOAL,
                figures.ratio(inside, plain)));
    }

    /** A group with a directory in the version 2 tree alone, beside those that groups have here. */
    private Cgroup inUnified() {
        try (Cgroup group = groups.create(CgroupBenchmark.name("site"))) {
            Path site = Objects.requireNonNull(group.path().getParent());
            return groups.within(site).create(CgroupBenchmark.name("birth"));
        }
    }

    private static Candidate rested(String name, Command command) {
        return new Candidate(name, () -> {
            Thread.sleep(REST_MILLIS);
            long begin = System.nanoTime();
            CorralCandidates.run(command);
            return System.nanoTime() - begin;
        });
    }
}
