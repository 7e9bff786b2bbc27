package dev.corral.reconcile.workload;

import java.time.Duration;

/**
 * How often a pod may start its containers again before it fails for good.
 *
 * @param restarts the most restarts within any one window, 0 to 100; those of all its containers count
 * @param window longer than what so many restarts in a row wait for, or it would never be reached
 */
public record GiveUp(int restarts, Duration window) {
    private static final int MOST = 100;

    void validate(Problems problems) {
        boolean countable = restarts >= 0 && restarts <= MOST;
        problems.at("restarts").require(countable, restarts, "it must be 0 to " + MOST);
        if (countable) {
            Duration waits = BackOff.sum(restarts);
            problems.at("window")
                    .require(
                            window.compareTo(waits) > 0,
                            window,
                            "it must be more than " + waits + ", for which " + restarts
                                    + " restarts in a row wait after the first, or it would never give up");
        }
    }
}
