package dev.corral.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was measured of control groups, row by row as it comes in. */
final class CgroupReport {
    private final Table times = Table.of("What", "median µs", "minimum µs", "to what it is compared with");
    private final Table delays = Table.of("Until the handler was called", "median ms", "99 of 100 ms", "longest ms");
    private final List<Goal> goals = new ArrayList<>();
    private final List<String> tools = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    /** Some candidates, compared with the first of them. */
    void times(Figures figures, List<Candidate> candidates) {
        for (Candidate candidate : candidates) {
            times.row(
                    candidate.name(),
                    micros(figures.median(candidate)),
                    micros(figures.minimum(candidate)),
                    Goal.number(figures.ratio(candidate, candidates.get(0))));
        }
    }

    void delays(String event, List<Long> nanos) {
        delays.row(event, millis(nanos, 0.5), millis(nanos, 0.99), millis(nanos, 1));
    }

    void goal(Goal goal) {
        goals.add(goal);
    }

    void tool(String version) {
        tools.add(version);
    }

    void missing(String reason) {
        missing.add(reason);
    }

    void write(Page page, int runs) throws IOException {
        page.put(
                "control groups",
                List.of(Goal.table(goals), times, delays),
                "medians of " + runs + " runs",
                tools,
                missing);
    }

    private static String millis(List<Long> nanos, double share) {
        return String.format(Locale.ROOT, "%.3f", Statistics.percentile(nanos, share) / 1e6);
    }

    private static String micros(double millis) {
        return String.format(Locale.ROOT, "%.1f", millis * 1e3);
    }
}
