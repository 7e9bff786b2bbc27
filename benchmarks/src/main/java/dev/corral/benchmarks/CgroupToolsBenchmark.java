package dev.corral.benchmarks;

import dev.corral.Child;
import dev.corral.cgroups.Cgroup;
import dev.corral.cgroups.Cgroups;
import dev.corral.cgroups.Controller;
import dev.corral.cgroups.StatReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The same snapshot by tools, each started by ProcessBuilder, as a Java program has to, its output read. */
record CgroupToolsBenchmark(Cgroups groups, CgroupReport report) {
    private static final double TIMES_RUNC = 8;
    private static final double TIMES_CGGET = 100;
    private static final int TIMES = 40;
    private static final int WARM_UP = 20;
    private static final int ROUNDS = 20;
    /** The kernel's names, and where cpuacct is it is asked for, too. */
    private static final Map<Controller, String> NAMES =
            Map.of(Controller.CPU, "cpu", Controller.MEMORY, "memory", Controller.PIDS, "pids", Controller.IO, "blkio");

    void run() throws Exception {
        try (Cgroup group = groups.create(CgroupBenchmark.name("tools"));
                Child child = SnapshotBenchmark.sleeper(group);
                StatReader reader = group.reader(SnapshotBenchmark.MASK)) {
            Candidate corral =
                    Candidate.batch("the same snapshot, `StatReader.read()`, beside tools", TIMES, reader::read);
            cgget(corral, group);
            runc(corral);
            child.destroyForcibly().waitFor();
        }
    }

    private void cgget(Candidate corral, Cgroup group) throws Exception {
        String goal = "snapshot, times as fast as cgget";
        Optional<Path> tool = OtherTools.find("cgget");
        if (tool.isEmpty()) {
            report.goal(Goal.unmeasured(goal, "not installed"));
            return;
        }
        List<String> line = new ArrayList<>(List.of(tool.get().toString(), "-n"));
        NAMES.forEach((controller, name) -> group.path(controller)
                .ifPresent(path ->
                        line.addAll(List.of("-g", name + ":/" + root(path).relativize(path)))));
        compare(goal, TIMES_CGGET, corral, OtherTools.started("`cgget` of four controllers", line));
    }

    private void runc(Candidate corral) throws Exception {
        String goal = "snapshot, times as fast as runc's stats";
        Optional<Path> tool = OtherTools.find("runc");
        if (tool.isEmpty()) {
            report.goal(Goal.unmeasured(goal, "not installed"));
            return;
        }
        report.tool(OtherTools.version(tool.get()));
        FileTree tree = FileTree.ofHost();
        try (Bundle bundle = Bundle.of(tree, User.current(), "/bin/sleep", "3600")) {
            String id = CgroupBenchmark.name("runc");
            List<String> runc = List.of(
                    tool.get().toString(),
                    "--root",
                    bundle.directory().resolve("state").toString());
            Process started = new ProcessBuilder(with(
                            runc,
                            "run",
                            "--detach",
                            "--bundle",
                            bundle.directory().toString(),
                            id))
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (started.waitFor() != 0) {
                report.goal(Goal.unmeasured(goal, "it starts no container here"));
                return;
            }
            try {
                compare(
                        goal,
                        TIMES_RUNC,
                        corral,
                        OtherTools.started("`runc events --stats`", with(runc, "events", "--stats", id)));
            } finally {
                OtherTools.run(with(runc, "delete", "--force", id));
            }
        }
    }

    private void compare(String goal, double bound, Candidate corral, Candidate tool) throws Exception {
        List<Candidate> both = List.of(corral, tool);
        try {
            Figures.measure(both, 1, WARM_UP);
        } catch (IllegalStateException refused) {
            report.goal(Goal.unmeasured(goal, String.valueOf(refused.getMessage())));
            return;
        }
        Figures figures = Figures.measure(both, CgroupBenchmark.RUNS, ROUNDS);
        report.times(figures, both);
        report.goal(Goal.atLeast(goal, bound, figures.ratio(tool, corral)));
    }

    private static List<String> with(List<String> begin, String... more) {
        List<String> line = new ArrayList<>(begin);
        line.addAll(List.of(more));
        return line;
    }

    /** Where the hierarchy of a group is mounted. */
    private static Path root(Path group) {
        Path root = group;
        for (Path above = group.getParent();
                above != null && Files.exists(above.resolve("cgroup.procs"));
                above = above.getParent()) {
            root = above;
        }
        return root;
    }
}
