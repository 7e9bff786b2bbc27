package dev.corral.benchmarks;

import java.util.Locale;

/**
 * A goal and what became of it.
 *
 * @param what is measured, with its unit
 * @param wanted the bound, such as {@code ≤ 1.50}
 * @param measured as the table shows it
 * @param verdict met, missed, or why there is none
 */
record Goal(String what, String wanted, String measured, String verdict) {
    static Goal atMost(String what, double bound, double measured) {
        return of(what, "≤ " + number(bound), measured, measured <= bound);
    }

    static Goal atLeast(String what, double bound, double measured) {
        return of(what, "≥ " + number(bound), measured, measured >= bound);
    }

    /** A goal that this host can't tell anything about. */
    static Goal unmeasured(String what, String why) {
        return new Goal(what, "", "", "not measured: " + why);
    }

    /** All goals as one table. */
    static Table table(Iterable<Goal> goals) {
        Table table = Table.of("Goal", "wanted", "measured", "");
        goals.forEach(goal -> table.row(goal.what, goal.wanted, goal.measured, goal.verdict));
        return table;
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value >= 50 ? "%.0f" : "%.2f", value);
    }

    private static Goal of(String what, String wanted, double measured, boolean met) {
        return new Goal(what, wanted, number(measured), met ? "met" : "**missed**");
    }
}
