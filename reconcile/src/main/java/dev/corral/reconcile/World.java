package dev.corral.reconcile;

import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.event.Level;

/**
 * All that the engine takes from the outside, its store apart.
 *
 * @param rehearsal whether things fail on purpose
 */
record World(Clock clock, Executor executor, RandomGenerator random, Leadership leadership, boolean rehearsal) {
    /** The level of a line about a failure that may have been brought about on purpose, in a rehearsal by the thousand. */
    Level level(Level otherwise) {
        return rehearsal ? Level.DEBUG : otherwise;
    }
}
