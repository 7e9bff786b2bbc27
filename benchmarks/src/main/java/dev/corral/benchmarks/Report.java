package dev.corral.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures as a section of docs/performance.md, between two marks; the text around it is kept. */
record Report(User user, Figures figures, List<Candidate> candidates, Candidate bare, Candidate full, int launches) {
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

    void write(Path page, Goals goals, List<String> versions, List<String> missing) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.addAll(table());
        lines.add("");
        lines.addAll(goals(goals));
        lines.add("");
        lines.add(
                "Measured on " + LocalDate.now(ZoneOffset.UTC) + " as " + user + ", " + launches + " launches of each. "
                        + String.join("; ", Host.describe()) + "; " + String.join("; ", versions) + ".");
        missing.forEach(reason -> lines.add("Not measured: " + reason.replace('\n', ' ') + "."));
        String section = String.join("\n", lines);
        System.out.println(section);
        put(page, "as " + user + ", JDK " + Runtime.version().feature(), section);
    }

    private List<String> table() {
        List<String> rows = new ArrayList<>();
        rows.add("| What | median ms | minimum ms | to ProcessBuilder | to the full container |");
        rows.add("| --- | ---: | ---: | ---: | ---: |");
        for (Candidate candidate : candidates) {
            rows.add(String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.2f | %.2f |",
                    candidate.name(),
                    figures.median(candidate),
                    figures.minimum(candidate),
                    figures.ratio(candidate, bare),
                    figures.ratio(candidate, full)));
        }
        return rows;
    }

    private List<String> goals(Goals goals) {
        List<String> rows = new ArrayList<>();
        rows.add("| Goal | wanted | measured | |");
        rows.add("| --- | ---: | ---: | --- |");
        rows.add(atMost(
                "full container over a bare ProcessBuilder, ms", OVER_BARE_MILLIS, figures.difference(full, bare)));
        goals.bwrap.ifPresent(tool -> rows.add(atLeast("times as fast as bwrap", TIMES_BWRAP, tool)));
        goals.crun.ifPresent(tool -> rows.add(atLeast("times as fast as crun", TIMES_CRUN, tool)));
        goals.runc.ifPresent(tool -> rows.add(atLeast("times as fast as runc", TIMES_RUNC, tool)));
        rows.add(atMost("exec into a running container, ms", EXEC_MILLIS, figures.median(goals.into)));
        rows.add(atMost("resident memory of PID 1, KiB", INIT_KIB, (double) goals.initKib));
        return rows;
    }

    private String atLeast(String goal, double wanted, Candidate tool) {
        double measured = figures.ratio(tool, full);
        return row(goal, "≥ " + number(wanted), measured, measured >= wanted);
    }

    private static String atMost(String goal, double wanted, double measured) {
        return row(goal, "≤ " + number(wanted), measured, measured <= wanted);
    }

    private static String row(String goal, String wanted, double measured, boolean met) {
        return "| " + goal + " | " + wanted + " | " + number(measured) + " | " + (met ? "met" : "**missed**") + " |";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 50 ? "%.0f" : "%.2f", value);
    }

    private static void put(Path page, String which, String section) throws IOException {
        String begin = "<!-- measured " + which + " -->\n";
        String end = "\n<!-- end -->\n";
        String text = Files.exists(page) ? Files.readString(page) : "# Performance\n";
        int from = text.indexOf(begin);
        String before = from < 0 ? text + "\n## " + capitalized(which) + "\n\n" : text.substring(0, from);
        String after = from < 0 ? "" : text.substring(text.indexOf(end, from) + end.length());
        Files.createDirectories(page.toAbsolutePath().getParent());
        Files.writeString(page, before + begin + "\n" + section + "\n" + end + after);
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
