package dev.corral.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What launches took, as the first section of the page. */
record LaunchReport(Figures figures, List<Candidate> candidates, Candidate bare, Candidate full, int launches) {
    private static final double OVER_BARE_MILLIS = 1.0;
    private static final double TIMES_BWRAP = 2.5;
    private static final double TIMES_CRUN = 4;
    private static final double TIMES_RUNC = 8;
    private static final double EXEC_MILLIS = 1.5;
    private static final long INIT_KIB = 100;

    /** What the goals speak of, apart from the full container; a tool that is not here is empty. */
    record Goals(
            Candidate into,
            Optional<Candidate> bwrap,
            Optional<Candidate> crun,
            Optional<Candidate> runc,
            long initKib) {}

    void write(Page page, Goals goals, List<String> versions, List<String> missing) throws IOException {
        page.put("", List.of(table(), Goal.table(goals(goals))), launches + " launches of each", versions, missing);
    }

    private Table table() {
        Table table = Table.of("What", "median ms", "minimum ms", "to ProcessBuilder", "to the full container");
        for (Candidate candidate : candidates) {
            table.row(
                    candidate.name(),
                    Goal.number(figures.median(candidate)),
                    Goal.number(figures.minimum(candidate)),
                    Goal.number(figures.ratio(candidate, bare)),
                    Goal.number(figures.ratio(candidate, full)));
        }
        return table;
    }

    private List<Goal> goals(Goals goals) {
        List<Goal> rows = new ArrayList<>();
        rows.add(Goal.atMost(
                "full container over a bare ProcessBuilder, ms", OVER_BARE_MILLIS, figures.difference(full, bare)));
        goals.bwrap.ifPresent(tool -> rows.add(atLeast("times as fast as bwrap", TIMES_BWRAP, tool)));
        goals.crun.ifPresent(tool -> rows.add(atLeast("times as fast as crun", TIMES_CRUN, tool)));
        goals.runc.ifPresent(tool -> rows.add(atLeast("times as fast as runc", TIMES_RUNC, tool)));
        rows.add(Goal.atMost("exec into a running container, ms", EXEC_MILLIS, figures.median(goals.into)));
        rows.add(Goal.atMost("resident memory of PID 1, KiB", INIT_KIB, (double) goals.initKib));
        return rows;
    }

    private Goal atLeast(String goal, double wanted, Candidate tool) {
        return Goal.atLeast(goal, wanted, figures.ratio(tool, full));
    }
}
