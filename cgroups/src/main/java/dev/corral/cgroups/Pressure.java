package dev.corral.cgroups;

import java.time.Duration;
import java.util.Optional;

/**
 * How much time was lost because something was short. Source: psi.rst.
 *
 * @param some while at least one task waited; empty for interrupts, which know {@code full} only
 * @param full while all tasks that had something to do waited; empty for CPUs before Linux 5.13
 */
public record Pressure(Optional<Stall> some, Optional<Stall> full) {
    /**
     * Lost time.
     *
     * @param avg10 percent of the last 10 s, 0 to 100, as a moving average
     * @param avg60 of the last 60 s
     * @param avg300 of the last 300 s
     * @param total since the group was made
     */
    public record Stall(double avg10, double avg60, double avg300, Duration total) {}

    /** Reads lines such as {@code some avg10=0.12 avg60=0.03 avg300=0.00 total=5810}; the words are at the beginning. */
    static Pressure parse(Words words) {
        Optional<Stall> some = Optional.empty();
        Optional<Stall> full = Optional.empty();
        while (words.nextLine()) {
            if (!words.nextWord()) {
                continue;
            }
            if (words.is("some")) {
                some = stall(words);
            } else if (words.is("full")) {
                full = stall(words);
            }
        }
        return new Pressure(some, full);
    }

    private static Optional<Stall> stall(Words words) {
        double avg10 = 0;
        double avg60 = 0;
        double avg300 = 0;
        Duration total = Duration.ZERO;
        boolean known = false;
        while (words.nextWord()) {
            if (words.isKey("total")) {
                known = words.isNumber();
                total = known ? Times.micros(words.value()) : total;
            } else if (words.isKey("avg10")) {
                avg10 = percent(words);
            } else if (words.isKey("avg60")) {
                avg60 = percent(words);
            } else if (words.isKey("avg300")) {
                avg300 = percent(words);
            }
        }
        return known ? Optional.of(new Stall(avg10, avg60, avg300, total)) : Optional.empty();
    }

    private static double percent(Words words) {
        return words.isHundredths() ? words.value() / 100.0 : 0;
    }
}
