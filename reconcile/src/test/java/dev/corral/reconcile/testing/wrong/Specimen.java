package dev.corral.reconcile.testing.wrong;

import dev.corral.reconcile.testing.Faults;
import dev.corral.reconcile.testing.Trials;
import java.util.function.IntFunction;

/**
 * One way to be wrong.
 *
 * @param wrong the trials of the wrong one, for a number of seeds
 * @param right those of its twin, with the same promises
 * @param faults what brings it to light
 * @param seeds within how many seeds
 * @param oracle how the report's first line begins
 * @param named how a fault in the smallest list begins; empty text if it needs none
 */
record Specimen(
        String name,
        IntFunction<Trials> wrong,
        IntFunction<Trials> right,
        Faults faults,
        int seeds,
        String oracle,
        String named) {
    @Override
    public String toString() {
        return name;
    }
}
