package dev.corral.reconcile.testing;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A promise that was broken in a simulated world, with all that is needed to see it again: the seed, the smallest faults that
 * still break it, and what happened.
 */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 60;

    private final String oracle;
    private final transient List<String> faults;
    private final String replay;
    private final transient List<String> timeline;

    SimulationFailure(Broken broken, long seed, List<Strike> strikes, List<String> timeline) {
        super(text(broken, seed, strikes, timeline));
        this.oracle = broken.oracle();
        this.faults = strikes.stream().map(Strike::toString).toList();
        this.replay = ReplayLine.text(seed, strikes);
        this.timeline = List.copyOf(timeline);
    }

    private static String text(Broken broken, long seed, List<Strike> strikes, List<String> timeline) {
        int cut = Math.max(0, timeline.size() - SHOWN);
        List<String> last = timeline.subList(cut, timeline.size());
        String struck = timeline.subList(0, cut).stream()
                .filter(Timeline::tellsOfAFault)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        String faults = strikes.isEmpty()
                ? "no fault is needed"
                : "the smallest faults that still break it: "
                        + String.join(
                                ", ", strikes.stream().map(Strike::toString).toList());
        return broken.oracle() + ": " + broken.message() + "\nseed " + Long.toHexString(seed) + "; " + faults
                + "\nin place of run(): replay(\"" + ReplayLine.text(seed, strikes) + "\")\n" + struck + "the last "
                + last.size() + " of " + timeline.size() + " things that happened:\n" + String.join("\n", last);
    }

    /** Which promise, as in {@code O1 convergence}. */
    public String oracle() {
        return oracle;
    }

    /** The smallest faults found that still break it, each as in {@code crash@17}; empty if it needs none. */
    public List<String> faults() {
        return faults;
    }

    /** What {@link Trials#replay} takes. */
    public String replay() {
        return replay;
    }

    /** All that happened with those faults, a line for each thing. */
    public List<String> timeline() {
        return timeline;
    }
}
