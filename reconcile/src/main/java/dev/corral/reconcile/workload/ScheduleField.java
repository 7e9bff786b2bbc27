package dev.corral.reconcile.workload;

import java.util.List;
import java.util.Locale;

/** A field of a schedule: what its numbers may be, and what they may be called. */
enum ScheduleField {
    MINUTE("minute", 0, 59, ""),
    HOUR("hour", 0, 23, ""),
    DAY_OF_MONTH("day of month", 1, 31, ""),
    MONTH("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    DAY_OF_WEEK("day of week", 0, 6, "sun mon tue wed thu fri sat");

    private final String title;
    private final int least;
    private final int most;
    private final String names;

    ScheduleField(String title, int least, int most, String names) {
        this.title = title;
        this.least = least;
        this.most = most;
        this.names = names;
    }

    /**
     * Which values of a field match.
     *
     * @param bits one for each value
     * @param star whether the field leaves its value open: a star without a step above 1
     */
    record Values(long bits, boolean star) {
        boolean has(int value) {
            return (bits >> value & 1) != 0;
        }

        /** The first value from one on; -1 if there is none. */
        int from(int value) {
            long rest = value > 63 ? 0 : bits >>> value << value;
            return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
        }

        private Values or(Values other) {
            return new Values(bits | other.bits, star || other.star);
        }
    }

    /** Reads the field. */
    Values parse(String text) {
        Values all = new Values(0, false);
        for (String part : text.split(",", -1)) {
            all = all.or(parsePart(part));
        }
        return all;
    }

    private Values parsePart(String part) {
        String[] rangeAndStep = part.split("/", -1);
        if (rangeAndStep.length > 2) {
            throw wrong(part, "there is more than one '/'");
        }
        String range = rangeAndStep[0];
        boolean stepped = rangeAndStep.length == 2;
        int step = stepped ? number(part, rangeAndStep[1]) : 1;
        if (step < 1) {
            throw wrong(part, "a step is 1 or more");
        }
        if (range.equals("*") || range.equals("?")) {
            return new Values(bits(least, most, step), step == 1);
        }
        String[] ends = range.split("-", -1);
        if (ends.length > 2) {
            throw wrong(part, "there is more than one '-'");
        }
        int first = value(part, ends[0]);
        int last = ends.length == 2 ? value(part, ends[1]) : stepped ? most : first;
        if (first < least || last > most || first > most) {
            throw wrong(part, "it goes from " + least + " to " + most);
        }
        if (first > last) {
            throw wrong(part, "a range must rise");
        }
        return new Values(bits(first, last, step), false);
    }

    private static long bits(int first, int last, int step) {
        long bits = 0;
        for (long value = first; value <= last; value += step) {
            bits |= 1L << value;
        }
        return bits;
    }

    private int value(String part, String text) {
        int named = List.of(names.split(" ", -1)).indexOf(text.toLowerCase(Locale.ROOT));
        return named < 0 || text.isEmpty() ? number(part, text) : named + least;
    }

    private int number(String part, String text) {
        boolean digits = !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw wrong(
                    part, "'" + Problems.printable(text) + "' is not a number" + (names.isEmpty() ? "" : " or name"));
        }
        return Integer.parseInt(text);
    }

    private IllegalArgumentException wrong(String part, String why) {
        return new IllegalArgumentException(title + " '" + Problems.printable(part) + "': " + why);
    }
}
