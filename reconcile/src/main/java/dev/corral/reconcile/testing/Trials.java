package dev.corral.reconcile.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A scenario that is tried many times, each time in another order and with other faults. Immutable.
 *
 * <p>Besides what is said by {@link #always} and {@link #eventually} each run must keep what every good controller keeps: it
 * comes to rest after the last fault, where a run without faults does; one more pass of everything then writes nothing; what is
 * deleted leaves nothing behind; nothing goes round and round; every failure is told in an event or a condition. And a scenario
 * that applies a resource several times ends as if only the last of them had been applied.
 */
public final class Trials {
    private static final long REFERENCE = 0;

    private final Scenario scenario;
    private final int seeds;
    private final Faults faults;
    private final boolean exhaustive;
    private final List<Check> always;
    private final List<Check> eventually;
    private final Duration within;

    /**
     * How much was tried.
     *
     * @param runs how many worlds there were
     * @param faults how many faults struck in them
     * @param steps how many things happened in them
     */
    public record Tally(int runs, long faults, long steps) {
        private Tally plus(SimulatedWorld world) {
            return new Tally(
                    runs + 1,
                    faults + world.injector().struck().size(),
                    steps + world.progress().steps());
        }
    }

    private Trials(
            Scenario scenario,
            int seeds,
            Faults faults,
            boolean exhaustive,
            List<Check> always,
            List<Check> eventually,
            Duration within) {
        this.scenario = scenario;
        this.seeds = seeds;
        this.faults = faults;
        this.exhaustive = exhaustive;
        this.always = List.copyOf(always);
        this.eventually = List.copyOf(eventually);
        this.within = within;
    }

    static Trials of(Scenario scenario, int seeds) {
        return new Trials(scenario, seeds, Faults.none(), false, List.of(), List.of(), Duration.ofHours(1));
    }

    /** What may go wrong; nothing unless it is said. */
    public Trials faults(Faults mayHappen) {
        return new Trials(scenario, seeds, mayHappen, exhaustive, always, eventually, within);
    }

    /**
     * Besides, tries each commit of a run without faults: once with a crash after it, once with a conflict at it, once with its
     * answer lost, and once for each kind with a cache that lags from it on.
     */
    public Trials exhaustive() {
        return new Trials(scenario, seeds, faults, true, always, eventually, within);
    }

    /** How long, in simulated time, the world may take to come to rest; an hour unless it is said. */
    public Trials within(Duration simulated) {
        return new Trials(scenario, seeds, faults, exhaustive, always, eventually, simulated);
    }

    /** It must hold after each single thing that happens once the world has settled for the last time in the scenario. */
    public Trials always(Predicate<? super World> invariant) {
        return always("what must always hold", invariant);
    }

    /** It must hold after each single thing that happens. It may throw an AssertionError that says more. */
    public Trials always(String name, Predicate<? super World> invariant) {
        List<Check> more = new ArrayList<>(always);
        more.add(new Check(name, invariant));
        return new Trials(scenario, seeds, faults, exhaustive, more, eventually, within);
    }

    /** It must hold when the world has come to rest. */
    public Trials eventually(Predicate<? super World> wish) {
        return eventually("what must hold in the end", wish);
    }

    /** It must hold when the world has come to rest. It may throw an AssertionError that says more. */
    public Trials eventually(String name, Predicate<? super World> wish) {
        List<Check> more = new ArrayList<>(eventually);
        more.add(new Check(name, wish));
        return new Trials(scenario, seeds, faults, exhaustive, always, more, within);
    }

    /**
     * Tries it.
     *
     * @throws SimulationFailure if a promise is broken, with the smallest faults that break it
     */
    public Tally run() {
        Run reference = run(Optional.empty(), REFERENCE, Injector.named(List.of()), Timeline.none());
        failOn(Optional.empty(), reference, REFERENCE);
        Tally tally = new Tally(0, 0, 0).plus(reference.world());
        Optional<NormalForm> end = Optional.of(reference.end());
        straight(reference.end());
        if (exhaustive) {
            for (Strike strike : everywhere(reference).toList()) {
                tally = tally.plus(tried(end, REFERENCE, Injector.named(List.of(strike))));
            }
        }
        for (long seed = 1; seed <= seeds; seed++) {
            tally = tally.plus(tried(end, seed, Injector.drawn(faults, seed, reference.kinds())));
        }
        return tally;
    }

    /**
     * Has one run happen again exactly as it did.
     *
     * @param line what {@link SimulationFailure#replay} told
     * @throws SimulationFailure if it breaks a promise again, with the same timeline
     */
    public void replay(String line) {
        ReplayLine parsed = ReplayLine.parse(line);
        Run reference = run(Optional.empty(), REFERENCE, Injector.named(List.of()), Timeline.none());
        Optional<NormalForm> end = Optional.of(reference.end());
        Run again = run(end, parsed.seed(), Injector.named(parsed.strikes()), Timeline.kept());
        again.broken().ifPresent(broken -> {
            throw new SimulationFailure(
                    broken,
                    parsed.seed(),
                    parsed.strikes(),
                    again.world().timeline().lines());
        });
    }

    private SimulatedWorld tried(Optional<NormalForm> end, long seed, Injector injector) {
        Run run = run(end, seed, injector, Timeline.none());
        failOn(end, run, seed);
        return run.world();
    }

    private Run run(Optional<NormalForm> end, long seed, Injector injector, Timeline timeline) {
        Run run = new Run(scenario, new Run.Promises(always, eventually, end, within), seed, injector, timeline);
        run.whole();
        return run;
    }

    private void failOn(Optional<NormalForm> end, Run run, long seed) {
        if (run.broken().isEmpty()) {
            return;
        }
        String oracle = run.broken().get().oracle();
        List<Strike> smallest =
                Shrinking.smallest(run.world().injector().struck(), strikes -> breaksSo(oracle, end, seed, strikes));
        Run again = run(end, seed, Injector.named(smallest), Timeline.kept());
        Broken broken = again.broken()
                .orElseThrow(() -> new IllegalStateException("the run with seed "
                        + Long.toHexString(seed)
                        + " was broken once and is not broken again: it depends on something besides"
                        + " the seed, such as the time of day or the order of a hash set"));
        throw new SimulationFailure(
                broken, seed, smallest, again.world().timeline().lines());
    }

    private boolean breaksSo(String oracle, Optional<NormalForm> end, long seed, List<Strike> strikes) {
        return run(end, seed, Injector.named(strikes), Timeline.none())
                .broken()
                .filter(broken -> broken.oracle().equals(oracle))
                .isPresent();
    }

    private void straight(NormalForm end) {
        if (!scenario.hasDetours()) {
            return;
        }
        Run.Promises few = new Run.Promises(List.of(), List.of(), Optional.empty(), within);
        Run straight = new Run(scenario.straight(), few, REFERENCE, Injector.named(List.of()), Timeline.none());
        straight.whole();
        if (straight.broken().isEmpty() && !straight.end().equals(end)) {
            Broken broken = new Broken(
                    Broken.PATH,
                    "where only what was applied last is applied at once, the world settles elsewhere:"
                            + end.differenceFrom(straight.end()));
            Run again = run(Optional.empty(), REFERENCE, Injector.named(List.of()), Timeline.kept());
            throw new SimulationFailure(
                    broken, REFERENCE, List.of(), again.world().timeline().lines());
        }
    }

    private static Stream<Strike> everywhere(Run reference) {
        return reference.world().effective().stream()
                .flatMap(index -> Stream.concat(
                        Stream.of(
                                new Strike(Trouble.CRASH_AFTER_WRITE, "", index),
                                new Strike(Trouble.CONFLICT, "", index),
                                new Strike(Trouble.WRITE_SUCCEEDS_BUT_ERRORS, "", index)),
                        reference.kinds().stream()
                                .map(kind -> new Strike(Trouble.CACHE_LAG, kind + " 6400ms", index))));
    }
}
