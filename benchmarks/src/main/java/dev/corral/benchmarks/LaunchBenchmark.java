package dev.corral.benchmarks;

import dev.corral.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Launches /bin/true again and again, by Corral and by other tools in turn, and writes down what it took. */
final class LaunchBenchmark {
    static final String PROGRAM = "/bin/true";

    private static final int RUNS = 5;
    private static final int WARM_UP = 300;

    private final User user;
    private final FileTree tree;
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> versions = new ArrayList<>();

    LaunchBenchmark() throws Exception {
        user = User.current();
        tree = FileTree.ofHost();
    }

    void run(int launches, Page page) throws Exception {
        Optional<Path> compiler = tool("cc");
        if (compiler.isEmpty()) {
            missing.add("posix_spawn: no C compiler");
            measure(launches, page);
            return;
        }
        try (CPrograms programs = CPrograms.with(compiler.get())) {
            Path program = programs.build("spawn");
            try (Floor spawn = new Floor(program, PROGRAM);
                    Floor seven = new Floor(program, PROGRAM, "seven")) {
                candidates.add(spawn.candidate("posix_spawn, from C", 1));
                candidates.add(seven.candidate("seven namespaces, from C", 1));
                measure(launches, page);
            }
        }
    }

    private void measure(int launches, Page page) throws Exception {
        OtherTools tools = new OtherTools(tree);
        CorralCandidates corral = new CorralCandidates(tree, user);
        try (Bundle bundle = Bundle.of(tree, user, PROGRAM);
                Child container = corral.resting()) {
            Candidate bare = tools.processBuilder();
            Candidate full = corral.container();
            Candidate into = corral.into(container);
            candidates.addAll(List.of(bare, corral.plain(), corral.namespaces(), full, into));
            tool("unshare").ifPresent(path -> works(tools.unshare(path)));
            tool("nsenter").ifPresent(path -> works(tools.enter(path, container.pid())));
            Optional<Candidate> bwrap = tool("bwrap").flatMap(path -> works(tools.bubblewrap(path)));
            Optional<Candidate> crun = tool("crun").flatMap(path -> works(runtimes(tools, path, bundle)));
            Optional<Candidate> runc = tool("runc").flatMap(path -> works(runtimes(tools, path, bundle)));

            Figures.measure(List.of(bare, corral.plain(), corral.namespaces(), full, into), 1, WARM_UP);
            Figures figures = Figures.measure(candidates, RUNS, launches);
            LaunchReport report = new LaunchReport(figures, candidates, bare, full, launches * RUNS);
            report.write(
                    page,
                    new LaunchReport.Goals(into, bwrap, crun, runc, CorralCandidates.initSize(container)),
                    versions,
                    missing);
        }
    }

    private Optional<Path> tool(String name) {
        Optional<Path> found = OtherTools.find(name);
        if (found.isEmpty()) {
            missing.add(name + ": not installed");
        }
        found.map(OtherTools::version).ifPresent(versions::add);
        return found;
    }

    /** What a runtime may need to be told on this host, the least first. */
    private static Candidate[] runtimes(OtherTools tools, Path tool, Bundle bundle) {
        return new Candidate[] {
            tools.runtime(tool, bundle),
            tools.runtime(tool, bundle, "--rootless", "true"),
            tools.runtime(tool, bundle, "--cgroup-manager=disabled")
        };
    }

    /** The first of several ways that works here takes part; otherwise the reason is noted. */
    private Optional<Candidate> works(Candidate... ways) {
        String reason = "";
        for (Candidate way : ways) {
            try {
                way.sample().nanos();
                candidates.add(way);
                return Optional.of(way);
            } catch (IOException | InterruptedException | RuntimeException refused) {
                reason = reason.isEmpty() ? way.name() + ": " + refused.getMessage() : reason;
            } catch (Exception other) {
                throw new IllegalStateException(other);
            }
        }
        missing.add(reason);
        return Optional.empty();
    }
}
