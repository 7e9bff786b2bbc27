package dev.corral.reconcile.testing.wrong;

import dev.corral.reconcile.testing.SimulationFailure;

/** Replays a line of {@link StaleDuplicate} in a JVM of its own and prints the timeline. */
final class Replayed {
    private Replayed() {}

    public static void main(String[] arguments) {
        try {
            StaleDuplicate.specimen().wrong().apply(0).replay(arguments[0]);
        } catch (SimulationFailure again) {
            again.timeline().forEach(System.out::println);
            return;
        }
        throw new AssertionError("nothing is broken");
    }
}
