package dev.corral.reconcile.testing;

import dev.corral.reconcile.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What happened in a world, a line for each thing; kept only where somebody will read it. */
final class Timeline {
    private static final String FAULT = "  FAULT ";

    private final boolean kept;
    private final Map<String, String> seen = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private Duration time = Duration.ZERO;
    private long step;

    private Timeline(boolean kept) {
        this.kept = kept;
    }

    static Timeline kept() {
        return new Timeline(true);
    }

    static Timeline none() {
        return new Timeline(false);
    }

    boolean isKept() {
        return kept;
    }

    void step(Duration now, long number, Object label) {
        if (kept) {
            time = now;
            step = number;
            line(label.toString());
        }
    }

    void looks(String author, Snapshot snapshot) {
        if (kept) {
            String what = "saw v" + snapshot.version();
            if (snapshot instanceof LaggingSnapshot lagging) {
                List<String> older = new ArrayList<>();
                lagging.older().forEach((kind, as) -> older.add(kind + "@" + as.version()));
                what += ", stale " + String.join(" ", older);
            }
            line("  pass of " + author + " " + what);
            seen.put(author, what);
        }
    }

    void writes(String what, long version, String author) {
        if (kept) {
            String by = author.isEmpty() ? "" : " by " + author;
            String saw = seen.containsKey(author) ? " (" + seen.get(author) + ")" : "";
            line("  write " + what + " v" + version + by + saw);
        }
    }

    /** A fault, or what it hits. */
    void strikes(Object what) {
        if (kept) {
            line(FAULT + what);
        }
    }

    /** Whether a line of a timeline is that of a fault. */
    static boolean tellsOfAFault(String line) {
        return line.contains(FAULT);
    }

    void line(String text) {
        if (kept) {
            lines.add(
                    String.format(Locale.ROOT, "t=%d.%03ds #%d %s", time.toSeconds(), time.toMillisPart(), step, text));
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
