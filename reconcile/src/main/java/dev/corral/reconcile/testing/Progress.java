package dev.corral.reconcile.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lets things happen in a world, one at a time, and the time pass. Stops where something is broken. */
final class Progress {
    /** What is due later than this is not waited for: the safety net. */
    private static final Duration HORIZON = Duration.ofHours(1);
    /** After so long without a change of anything, only what comes again and again can be left. */
    private static final Duration QUIET = Duration.ofMinutes(15);
    /** So much can't happen at one time, or before the world is at rest, unless something goes round and round. */
    private static final int MOST_AT_ONCE = 100_000;

    private final SimulatedWorld world;
    private final @Nullable Object[] recent = new Object[12];
    private long steps;
    private long stepsAtOnce;
    private Instant since = Time.START;
    private Instant lastChange = Time.START;
    private long version = -1;
    private long lived = -1;
    private Optional<Broken> broken = Optional.empty();

    Progress(SimulatedWorld world) {
        this.world = world;
    }

    /** What broke first. */
    Optional<Broken> broken() {
        return broken;
    }

    void breaks(String oracle, String message) {
        if (broken.isEmpty()) {
            broken = Optional.of(new Broken(oracle, message));
            world.timeline().line("  BROKEN: " + oracle + ": " + message);
        }
    }

    long steps() {
        return steps;
    }

    /** Lets one thing happen now; false if there is nothing. */
    private boolean step() {
        strike();
        world.time().release(world.bag());
        Optional<Bag.Entry> drawn = world.bag().draw();
        if (drawn.isEmpty()) {
            return false;
        }
        Bag.Entry entry = drawn.get();
        recent[(int) (++steps % recent.length)] = entry.label();
        world.timeline().step(world.time().elapsed(), steps, entry.label());
        try {
            entry.body().run();
        } catch (Life.Killed crashed) {
            world.timeline().line("  it has crashed");
        } catch (RuntimeException | AssertionError escaped) {
            breaks(Broken.SILENCE, "'" + entry.label() + "' threw " + escaped);
        }
        looked();
        return true;
    }

    private void strike() {
        for (Strike strike : world.strikes(Site.STEP)) {
            int live = world.running().size();
            switch (strike.trouble()) {
                case CLOCK_JUMP -> world.time().moveTo(world.now().plus(strike.duration()));
                case PROCESS_DIES -> {
                    if (live > 0) {
                        int which = strike.number() % live;
                        hits(which);
                        Death.of(strike.first()).befall(world.runtime(), which);
                    }
                }
                case PROBE_FLAPS -> {
                    if (live > 0) {
                        int which = strike.number() % live;
                        hits(which);
                        world.runtime().deafen(which, Integer.parseInt(strike.first()));
                    }
                }
                case AGENT_CRASH -> world.crashAgent();
                default -> throw new AssertionError(strike + " does not befall a step");
            }
        }
    }

    private void hits(int which) {
        if (world.timeline().isKept()) {
            world.timeline()
                    .strikes("hits " + ScriptedRuntime.title(world.running().get(which)));
        }
    }

    /** After each thing that happened: whether all holds, if anything has changed that could be seen. */
    private void looked() {
        Instant now = world.now();
        if (!now.equals(since)) {
            since = now;
            stepsAtOnce = 0;
        }
        if (++stepsAtOnce > MOST_AT_ONCE) {
            breaks(
                    Broken.HOT_LOOP,
                    "more than " + MOST_AT_ONCE + " things have happened without any time passing: " + recent());
        }
        long stored = world.store().snapshot().version();
        long processes = world.runtime().changes();
        if (stored != version || processes != lived) {
            version = stored;
            lived = processes;
            lastChange = now;
            world.complaint().ifPresent(complaint -> breaks(Broken.INVARIANT, complaint));
        }
    }

    /** Lets things happen until something is so. */
    void until(BooleanSupplier done) {
        while (broken.isEmpty() && !done.getAsBoolean()) {
            if (!step()) {
                world.time().next().ifPresent(world.time()::moveTo);
            }
        }
    }

    /** What happened last. */
    List<String> recent() {
        return Stream.of(recent)
                .filter(Objects::nonNull)
                .map(Object::toString)
                .distinct()
                .toList();
    }

    /** Lets a time pass, and all happen that is due in it. */
    void pass(Duration duration) {
        Instant end = world.now().plus(duration);
        while (broken.isEmpty()) {
            if (step()) {
                continue;
            }
            Optional<Instant> next = world.time().next().filter(due -> !due.isAfter(end));
            if (next.isEmpty()) {
                break;
            }
            world.time().moveTo(next.get());
        }
        world.time().moveTo(end);
    }

    /** Lets all happen until nothing more is to come for an hour but what changes nothing; false if it doesn't within a limit. */
    boolean settle(Duration limit) {
        Instant end = world.now().plus(limit);
        long last = steps + MOST_AT_ONCE;
        lastChange = world.now();
        while (broken.isEmpty()) {
            if (step()) {
                continue;
            }
            if (steps > last) {
                breaks(Broken.HOT_LOOP, "after " + MOST_AT_ONCE + " things the world is not at rest: " + recent());
            }
            Optional<Instant> next = world.runtime().steady()
                    ? world.time().nextChange()
                    : world.time().next();
            if (next.filter(due -> due.isBefore(world.now().plus(HORIZON))).isEmpty() || quiet()) {
                return true;
            }
            if (next.get().isAfter(end)) {
                return false;
            }
            world.time().moveTo(next.get());
        }
        return false;
    }

    private boolean quiet() {
        return world.now().isAfter(lastChange.plus(QUIET));
    }
}
